/** The box in a panel's toolbar to type into what is looked for. */
import { Search } from 'lucide-react';
import styles from './find-box.module.css';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the box is for, in full. */
  readonly label: string;
  readonly placeholder: string;
  /** How much was found; announced as it changes. */
  readonly found?: string;
  /** Enter, and Shift with it. */
  readonly onEnter?: (back: boolean) => void;
  /** Id of the text that says how the input is understood. */
  readonly describedBy?: string;
  readonly invalid?: boolean;
}

export function FindBox(props: Props): React.ReactNode {
  const { value, onChange, label, placeholder, found, onEnter, describedBy, invalid } = props;
  return (
    <label className={styles['box']}>
      <Search size={14} aria-hidden />
      <input
        className="mono"
        value={value}
        placeholder={placeholder}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !onEnter) return;
          event.preventDefault();
          onEnter(event.shiftKey);
        }}
      />
      {found !== undefined && (
        <span className="cap" role="status">
          {found}
        </span>
      )}
    </label>
  );
}
