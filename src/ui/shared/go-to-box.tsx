/** A box to type a place into, which says how it is understood. */
import { useId, useState } from 'react';
import { FindBox } from './find-box';
import styles from './go-to-box.module.css';

/** How an input is understood. */
interface Reading {
  readonly text: string;
  /** Where Enter leads; not there for what leads nowhere. */
  readonly go?: () => void;
}

interface Props {
  readonly placeholder: string;
  readonly label: string;
  readonly read: (text: string) => Reading;
}

export function GoToBox({ placeholder, label, read }: Props): React.ReactNode {
  const [text, setText] = useState('');
  const id = useId();
  const reading = text.trim() === '' ? undefined : read(text);
  const wrong = reading !== undefined && reading.go === undefined;
  return (
    <div className={styles['goto']}>
      <FindBox
        value={text}
        onChange={setText}
        placeholder={placeholder}
        label={label}
        describedBy={id}
        invalid={wrong}
        onEnter={() => reading?.go?.()}
      />
      <p id={id} className={`${styles['reading']} ${wrong ? styles['wrong'] : ''}`} role="status">
        {reading?.text}
      </p>
    </div>
  );
}
