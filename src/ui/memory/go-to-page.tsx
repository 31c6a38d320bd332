/** A box to type a PFN or a guest address into. */
import { useId, useState } from 'react';
import { selectPfn } from '../../state/actions';
import { FindBox } from '../shared/find-box';
import { parsePage } from './parse-page';
import styles from './memory.module.css';

export function GoToPage({ pfns }: { readonly pfns: number }): React.ReactNode {
  const [text, setText] = useState('');
  const id = useId();
  const parsed = text.trim() === '' ? undefined : parsePage(text, pfns);
  const problem = parsed && 'problem' in parsed ? parsed.problem : undefined;
  const reading = parsed && 'reading' in parsed ? parsed.reading : problem;
  return (
    <div className={styles['goto']}>
      <FindBox
        value={text}
        onChange={setText}
        placeholder="PFN or guest address"
        label="Go to PFN or guest address, in hex"
        describedBy={id}
        invalid={problem !== undefined}
        onEnter={() => {
          if (parsed && 'pfn' in parsed) selectPfn(parsed.pfn);
        }}
      />
      <p id={id} className={`${styles['reading']} ${problem === undefined ? '' : styles['wrong']}`} role="status">
        {reading}
      </p>
    </div>
  );
}
