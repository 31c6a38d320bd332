/** A box to type a PFN or a guest address into. */
import { Search } from 'lucide-react';
import { useId, useState } from 'react';
import { selectPfn } from '../../state/actions';
import { parsePage } from './parse-page';
import styles from './memory.module.css';

export function GoToPage({ pfns }: { readonly pfns: number }): React.ReactNode {
  const [text, setText] = useState('');
  const id = useId();
  const parsed = text.trim() === '' ? undefined : parsePage(text, pfns);
  const problem = parsed && 'problem' in parsed ? parsed.problem : undefined;
  const reading = parsed && 'reading' in parsed ? parsed.reading : problem;
  return (
    <form
      className={styles['goto']}
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed && 'pfn' in parsed) selectPfn(parsed.pfn);
      }}
    >
      <Search size={14} aria-hidden />
      <input
        className="mono"
        value={text}
        placeholder="PFN or guest address"
        aria-label="Go to PFN or guest address, in hex"
        aria-describedby={id}
        aria-invalid={problem !== undefined}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <p id={id} className={`${styles['reading']} ${problem === undefined ? '' : styles['wrong']}`} role="status">
        {reading}
      </p>
    </form>
  );
}
