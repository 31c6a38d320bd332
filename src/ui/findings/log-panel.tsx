/** The log of a restore, pasted or dropped: each line that a finding or a record explains leads to it, the rest is dimmed. */
import { ChevronRight } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CheckResult } from '../../check/result';
import { counted } from '../../lib/text';
import { isExplained, LogLines } from './log-lines';
import { useLog } from './use-log';
import { capital } from './words';
import styles from './log-panel.module.css';

/**
 * Shows the log of a restore, pasted, dropped or chosen as a file: each line that a finding or a record explains leads
 * to it.
 */
export function LogPanel({ result }: { readonly result: CheckResult }): React.ReactNode {
  const { text, matches, headline, problem, take, takeFile, paste } = useLog(result);
  // In a low window the panel is its heading, until it is wanted.
  const [isOpen, setOpen] = useState(() => text !== '' || !matchMedia('(max-height: 760px)').matches);
  const [seen, setSeen] = useState(text);
  if (seen !== text) {
    setSeen(text);
    if (text !== '') setOpen(true);
  }
  const matched = `${matches.filter(isExplained).length} of ${counted(matches.length, 'line')} matched`;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a file can be dropped here: the button chooses one too
    <section
      className={styles['log']}
      aria-label="Match your log"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const [dropped] = event.dataTransfer.files;
        event.preventDefault();
        event.stopPropagation();
        if (dropped) void takeFile(dropped);
      }}
    >
      <header>
        <h2>
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen((before) => !before)}>
            <ChevronRight size={14} aria-hidden />
            Match your log
          </button>
        </h2>
        <output className={styles['count']}>{problem === '' ? matches.length > 0 && matched : problem}</output>
        <button type="button" className="btn" onClick={() => void paste()}>
          Paste
        </button>
        <FileButton onChoose={(chosen) => void takeFile(chosen)} />
        {text !== '' && (
          <button type="button" className="btn" onClick={() => take('')}>
            Clear
          </button>
        )}
      </header>
      {!isOpen ? undefined : text === '' ? (
        <textarea
          className="mono"
          rows={2}
          spellCheck={false}
          aria-label="Paste the log of a restore here"
          placeholder="xl -vvv restore, xl dmesg, libvirt or xenopsd log"
          onChange={(event) => take(event.target.value)}
        />
      ) : (
        matches.length > 0 && (
          <>
            {headline !== '' && <p className={styles['shows']}>{capital(headline)}</p>}
            <LogLines matches={matches} />
          </>
        )
      )}
    </section>
  );
}

function FileButton({ onChoose }: { readonly onChoose: (file: File) => void }): React.ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="btn" onClick={() => input.current?.click()}>
        File…
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Log of a restore"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) onChoose(chosen);
          event.target.value = '';
        }}
      />
    </>
  );
}
