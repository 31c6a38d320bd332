/** A row of choices of which one is on. */
import { ToggleGroup } from 'radix-ui';
import styles from './config.module.css';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
}

export function Switch<T extends string>({ label, value, choices, onChange }: Props<T>): React.ReactNode {
  return (
    <ToggleGroup.Root
      type="single"
      className={styles['modes']}
      aria-label={label}
      value={value}
      onValueChange={(picked) => {
        const choice = choices.find(([one]) => one === picked);
        if (choice) onChange(choice[0]);
      }}
    >
      {choices.map(([one, text]) => (
        <ToggleGroup.Item key={one} value={one}>
          {text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
