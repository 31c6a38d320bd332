/** A group of controls that is one tab stop; see `useRoving`. */
import { useRoving } from './use-roving';

interface Props {
  readonly label: string;
  readonly className?: string | undefined;
  /** Told of the element that the pointer or the keyboard is on. */
  readonly onPoint?: (target: EventTarget) => void;
  readonly children: React.ReactNode;
}

/** Shows controls marked `data-stop` as one group, moved through by arrows. */
export function RovingGroup({ label, className, onPoint, children }: Props): React.ReactNode {
  const { ref, onKeyDown, onFocus } = useRoving<HTMLDivElement>();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the controls within
    <div
      ref={ref}
      className={className}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- these are no fields of a form
      role="group"
      aria-label={label}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        onFocus(event);
        onPoint?.(event.target);
      }}
      onMouseOver={(event) => onPoint?.(event.target)}
    >
      {children}
    </div>
  );
}
