/** The lines of a restore's log: each that a finding or a record explains leads to it, the rest is dimmed. */
import { BookOpen, Check, CircleSmall, CornerDownRight, OctagonX, Server } from 'lucide-react';
import { useState } from 'react';
import { SIDES } from '../../check/log/host-lines';
import type { MatchedLine } from '../../check/log/matched';
import { hex0x } from '../../lib/text';
import { chooseFinding, goToOffset, goToRecord } from '../../state/actions';
import { VirtualRows } from '../shared/virtual-rows';
import { useFile } from '../shared/use-file';
import styles from './log-panel.module.css';

const ROW_PX = 20;
const ROWS = 7;

type Kind = 'finding' | 'record' | 'rule' | 'elsewhere' | 'follows' | 'unexplained';

/** What explains a line: a finding, a record, a rule that this image does not show, or the lines before it. */
function kindOf({ finding, record, rule, refused, side, note }: MatchedLine): Kind {
  if (finding !== undefined) return 'finding';
  if (refused !== undefined) return 'rule';
  if (side !== undefined) return 'elsewhere';
  if (record !== undefined) return 'record';
  if (rule !== undefined) return 'rule';
  return note === undefined ? 'unexplained' : 'follows';
}

/** Tells whether anything explains the line. */
export const isExplained = (match: MatchedLine): boolean => kindOf(match) !== 'unexplained';

const ICONS = {
  finding: OctagonX,
  record: Check,
  rule: BookOpen,
  elsewhere: Server,
  follows: CornerDownRight,
  unexplained: CircleSmall,
} as const;

/** Shows the lines of a log, each with what explains it and leads there. */
export function LogLines({ matches }: { readonly matches: readonly MatchedLine[] }): React.ReactNode {
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

function leadsTo({ record, note, offset, rule, otherValue, side }: MatchedLine): string {
  if (side !== undefined) return `${SIDES[side]}: ${note ?? ''}`;
  const where = [record === undefined ? undefined : `#${record}`, note]
    .filter((word) => word !== undefined)
    .join(' · ');
  if (where !== '') return where;
  if (rule !== undefined)
    return `${rule}: ${otherValue === true ? 'another value in this image' : 'not in this image'}`;
  return offset === undefined ? '' : hex0x(offset);
}
