/** The log of a restore, pasted or dropped: each line that a finding or a record explains leads to it, the rest is dimmed. */
import { reasonOf } from '../../lib/reason';
import { BookOpen, Check, ChevronRight, CircleSmall, CornerDownRight, OctagonX } from 'lucide-react';
import { useRef, useState } from 'react';
import type { MatchedLine } from '../../check/log/matched';
import type { CheckResult } from '../../check/result';
import { counted, hex0x } from '../../lib/text';
import { chooseFinding, goToOffset, goToRecord } from '../../state/actions';
import { LOG_LIMIT, takeLog } from '../../state/dropped-text';
import { useAnswer } from '../shared/use-answer';
import { VirtualRows } from '../shared/virtual-rows';
import { useFile, useView } from '../shared/use-file';
import styles from './log-panel.module.css';

const ROW_PX = 20;
const ROWS = 7;

/**
 * Shows the log of a restore, pasted, dropped or chosen as a file: each line that a finding or a record explains leads
 * to it.
 */
export function LogPanel({ result }: { readonly result: CheckResult }): React.ReactNode {
  const file = useFile();
  const text = useView((view) => view.log);
  // In a low window the panel is its heading, until it is wanted.
  const [isOpen, setOpen] = useState(() => text !== '' || !matchMedia('(max-height: 760px)').matches);
  const [problem, setProblem] = useState('');
  const input = useRef<HTMLInputElement>(null);
  // A new result means another check, against which the log is held anew.
  const asked = useAnswer(text, text === '' ? undefined : () => file.request('log', { text }), { again: result });
  const matches = text !== '' && asked.state === 'ready' ? asked.value : [];
  const failure = asked.state === 'failed' ? `The log could not be matched: ${asked.reason}` : '';
  const [seen, setSeen] = useState(text);
  if (seen !== text) {
    setSeen(text);
    if (text !== '') setOpen(true);
  }
  const take = (given: string): void => {
    setProblem(given.length > LOG_LIMIT ? 'Only the first 4 MiB of the log were taken.' : '');
    takeLog(file, given);
  };
  const takeFile = async (given: File): Promise<void> => {
    try {
      take(await given.slice(0, LOG_LIMIT).text());
    } catch (error) {
      setProblem(`${given.name} could not be read: ${reasonOf(error)}`);
    }
  };
  const paste = async (): Promise<void> => {
    try {
      take(await navigator.clipboard.readText());
    } catch {
      setProblem('The browser did not allow reading the clipboard. Paste into the box instead.');
    }
  };
  const said = failure || problem;
  const matched = matches.filter((match) => kindOf(match) !== 'unexplained').length;
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
        <output className={styles['count']}>
          {said === '' ? (matches.length > 0 ? `${matched} of ${counted(matches.length, 'line')} matched` : '') : said}
        </output>
        <button type="button" className="btn" onClick={() => void paste()}>
          Paste
        </button>
        <button type="button" className="btn" onClick={() => input.current?.click()}>
          File…
        </button>
        {text !== '' && (
          <button type="button" className="btn" onClick={() => take('')}>
            Clear
          </button>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Log of a restore"
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) void takeFile(chosen);
            event.target.value = '';
          }}
        />
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
        matches.length > 0 && <Lines matches={matches} />
      )}
    </section>
  );
}

type Kind = 'finding' | 'record' | 'rule' | 'follows' | 'unexplained';

/** What explains a line: a finding, a record, a rule that this image does not show, or the lines before it. */
function kindOf({ finding, record, rule, note }: MatchedLine): Kind {
  if (finding !== undefined) return 'finding';
  if (record !== undefined) return 'record';
  if (rule !== undefined) return 'rule';
  return note === undefined ? 'unexplained' : 'follows';
}

const ICONS = {
  finding: OctagonX,
  record: Check,
  rule: BookOpen,
  follows: CornerDownRight,
  unexplained: CircleSmall,
} as const;

function Lines({ matches }: { readonly matches: readonly MatchedLine[] }): React.ReactNode {
  const file = useFile();
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      matches.findIndex(({ finding }) => finding !== undefined),
    ),
  );
  const open = (row: number): void => {
    const match = matches[row];
    if (match?.finding !== undefined) chooseFinding(file, match.finding);
    else if (match?.offset !== undefined) goToOffset(file, match.offset, match.length);
    else if (match?.record !== undefined) goToRecord(file, match.record);
  };
  return (
    <div className={styles['lines']} style={{ height: Math.min(ROWS, matches.length) * ROW_PX }}>
      <VirtualRows
        kind="listbox"
        label="Lines of the log"
        count={matches.length}
        rowPx={ROW_PX}
        active={Math.min(active, matches.length - 1)}
        onActive={setActive}
        onEnter={open}
        opensOnClick
        render={(row) => {
          const match = matches[row];
          if (!match) return undefined;
          const kind = kindOf(match);
          const Icon = ICONS[kind];
          return (
            <div className={styles['line']} data-kind={kind} title={match.line}>
              <Icon size={12} aria-hidden />
              <span className="mono ell">{match.line}</span>
              <span className={styles['to']}>{leadsTo(match)}</span>
            </div>
          );
        }}
      />
    </div>
  );
}

function leadsTo({ record, note, offset, rule, otherValue }: MatchedLine): string {
  const where = [record === undefined ? undefined : `#${record}`, note]
    .filter((word) => word !== undefined)
    .join(' · ');
  if (where !== '') return where;
  if (rule !== undefined)
    return `${rule}: ${otherValue === true ? 'another value in this image' : 'not in this image'}`;
  return offset === undefined ? '' : hex0x(offset);
}
