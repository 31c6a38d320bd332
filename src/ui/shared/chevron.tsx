/** Folds and unfolds what a row stands for, for the mouse: keys do it on the row. */
import { ChevronDown, ChevronRight } from 'lucide-react';

interface Props {
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly className: string | undefined;
}

/** Shows whether a row is unfolded, as an arrow that a click turns; keys are left to the row. */
export function Chevron({ open, onToggle, className }: Props): React.ReactNode {
  return (
    <span
      className={className}
      aria-hidden
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {open ? <ChevronDown size={12} /> : <ChevronRight size={12} />}
    </span>
  );
}
