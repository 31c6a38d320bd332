/** A box to type a place into, which says how it is understood. */
import { useId, useState } from 'react';
import { FindBox } from './find-box';
import { useEnter } from './use-enter';
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
  /** Told of what is typed. */
  readonly onText?: (text: string) => void;
  /** What the text means is not known yet. */
  readonly isLooking?: boolean;
  /** Texts offered to choose from. */
  readonly offers?: readonly string[];
}

/** Shows a box to type a place into, with how the text is understood; Enter goes there. */
export function GoToBox({ placeholder, label, read, onText, isLooking = false, offers = [] }: Props): React.ReactNode {
  const [text, setText] = useState('');
  // Once there, the reading no longer lies over what is shown.
  const [gone, setGone] = useState(false);
  const id = useId();
  const reading = text.trim() === '' ? undefined : read(text);
  const wrong = reading !== undefined && reading.go === undefined && !isLooking;
  const enter = useEnter(text, isLooking, () => {
    reading?.go?.();
    setGone(reading?.go !== undefined);
  });
  return (
    <div className={styles['goto']}>
      <FindBox
        value={text}
        onChange={(typed) => {
          setText(typed);
          setGone(false);
          onText?.(typed);
        }}
        {...(offers.length > 0 ? { list: `${id}-offers` } : {})}
        placeholder={placeholder}
        label={label}
        describedBy={id}
        invalid={wrong}
        onEnter={() => enter(undefined)}
      />
      {offers.length > 0 && (
        <datalist id={`${id}-offers`}>
          {offers.map((offer) => (
            <option key={offer} value={offer}>
              {offer}
            </option>
          ))}
        </datalist>
      )}
      <output id={id} className={`${styles['reading']} ${wrong ? styles['wrong'] : ''}`}>
        {gone || (isLooking && !reading?.go) ? '' : reading?.text}
      </output>
    </div>
  );
}
