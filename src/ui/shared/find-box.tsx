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
  readonly id?: string;
  readonly inputRef?: React.Ref<HTMLInputElement>;
  /** Keys besides Enter; true for those that are dealt with. */
  readonly onKey?: (event: React.KeyboardEvent) => boolean;
  /** Id of the text that says how the input is understood. */
  readonly describedBy?: string;
  readonly invalid?: boolean;
  /** Id of a list of texts to choose from. */
  readonly list?: string;
}

/** Shows a box to type into what is looked for, and how much was found. */
export function FindBox(props: Props): React.ReactNode {
  const { value, onChange, label, placeholder, found, onEnter, onKey, describedBy, invalid, inputRef } = props;
  return (
    <label className={styles['box']}>
      <Search size={14} aria-hidden />
      <input
        ref={inputRef}
        id={props.id}
        className="mono"
        value={value}
        placeholder={placeholder}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        spellCheck={false}
        autoComplete="off"
        list={props.list}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && onEnter) onEnter(event.shiftKey);
          else if (onKey?.(event) !== true) return;
          event.preventDefault();
        }}
      />
      {found !== undefined && <output className="cap">{found}</output>}
    </label>
  );
}
