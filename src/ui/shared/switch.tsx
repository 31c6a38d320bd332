/** A row of choices of which one is on. */
import { ToggleGroup } from 'radix-ui';
import styles from './switch.module.css';

const LOOKS = { joined: styles['joined'], apart: styles['apart'] } as const;

interface Props<T extends string> {
  readonly label: string;
  /** Undefined where none of the choices is on. */
  readonly value: T | undefined;
  readonly choices: readonly (readonly [value: T, text: string, title?: string])[];
  readonly onChange: (value: T) => void;
  /** Whether the choices stand in one frame, or each by itself. */
  readonly look?: keyof typeof LOOKS;
  /** More in the frame, behind the choices. */
  readonly children?: React.ReactNode;
}

/** Shows a row of choices of which one is on; a click on another one switches to it. */
export function Switch<T extends string>(props: Props<T>): React.ReactNode {
  const { label, value, choices, onChange, look = 'joined', children } = props;
  return (
    <div className={LOOKS[look]}>
      <ToggleGroup.Root
        type="single"
        aria-label={label}
        value={value ?? ''}
        onValueChange={(picked) => {
          const choice = choices.find(([one]) => one === picked);
          if (choice) onChange(choice[0]);
        }}
      >
        {choices.map(([one, text, title]) => (
          <ToggleGroup.Item key={one} value={one} title={title}>
            {text}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      {children}
    </div>
  );
}
