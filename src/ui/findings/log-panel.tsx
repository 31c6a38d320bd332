/** The log of a restore, pasted or dropped: each line that a finding or a record explains leads to it, the rest is dimmed. */
import { reasonOf } from '../../lib/reason';
import { BookOpen, Check, ChevronRight, CircleSmall, CornerDownRight, OctagonX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { MatchedLine } from '../../check/log/matched';
import type { CheckResult } from '../../check/result';
import { counted, hex0x } from '../../lib/text';
import { chooseFinding, goToOffset, goToRecord } from '../../state/actions';
import { LOG_LIMIT, takeLog } from '../../state/dropped-text';
import { request } from '../../state/session';
import { useApp } from '../../state/store';
import { VirtualRows } from '../shared/virtual-rows';
import styles from './log-panel.module.css';

const ROW_PX = 20;
const ROWS = 7;

export function LogPanel({ result }: { readonly result: CheckResult }): React.ReactNode {
  const text = useApp((state) => state.log);
  // In a low window the panel is its heading, until it is wanted.
  const [isOpen, setOpen] = useState(() => text !== '' || !matchMedia('(max-height: 760px)').matches);
  const [problem, setProblem] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const [matches, setMatches] = useState<readonly MatchedLine[]>([]);
  useEffect(() => {
    let wanted = true;
    setMatches([]);
    if (text === '') return undefined;
    setOpen(true);
    request('log', { text }).then(
      (lines) => wanted && setMatches(lines),
      (error: unknown) => wanted && setProblem(reasonOf(error, 'the log could not be matched')),
    );
    return () => {
      wanted = false;
    };
    // A new result means another check, against which the log is held anew.
  }, [text, result]);
  const take = (given: string): void => {
    setProblem(given.length > LOG_LIMIT ? 'Only the first 4 MiB of the log were taken.' : '');
    takeLog(given);
  };
  const paste = async (): Promise<void> => {
    try {
      take(await navigator.clipboard.readText());
    } catch {
      setProblem('The browser did not allow reading the clipboard. Paste into the box instead.');
    }
  };
  const matched = matches.filter((match) => kindOf(match) !== 'unexplained').length;
  return (
    <section
      className={styles['log']}
      aria-label="Match your log"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const [dropped] = event.dataTransfer.files;
        event.preventDefault();
        event.stopPropagation();
        if (dropped) void dropped.slice(0, LOG_LIMIT).text().then(take);
      }}
    >
      <header>
        <h2>
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen((before) => !before)}>
            <ChevronRight size={14} aria-hidden />
            Match your log
          </button>
        </h2>
        <span className={styles['count']} role="status">
          {problem === ''
            ? matches.length > 0
              ? `${matched} of ${counted(matches.length, 'line')} matched`
              : ''
            : problem}
        </span>
        <button type="button" className="btn" onClick={() => void paste()}>
          Paste
        </button>
        <button type="button" className="btn" onClick={() => file.current?.click()}>
          File…
        </button>
        {text !== '' && (
          <button type="button" className="btn" onClick={() => take('')}>
            Clear
          </button>
        )}
        <input
          ref={file}
          type="file"
          hidden
          aria-label="Log of a restore"
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen) void chosen.slice(0, LOG_LIMIT).text().then(take);
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
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      matches.findIndex(({ finding }) => finding !== undefined),
    ),
  );
  const open = (row: number): void => {
    const match = matches[row];
    if (match?.finding !== undefined) chooseFinding(match.finding);
    else if (match?.offset !== undefined) goToOffset(match.offset, match.length);
    else if (match?.record !== undefined) goToRecord(match.record);
  };
  return (
    <div className={styles['lines']} style={{ height: Math.min(ROWS, matches.length) * ROW_PX }}>
      <VirtualRows
        role="listbox"
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

function leadsTo({ record, note, offset, rule }: MatchedLine): string {
  const where = [record === undefined ? undefined : `#${record}`, note]
    .filter((word) => word !== undefined)
    .join(' · ');
  if (where !== '') return where;
  if (rule !== undefined) return `${rule}: not in this image`;
  return offset === undefined ? '' : hex0x(offset);
}
