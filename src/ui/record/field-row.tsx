/** One row of the field tree: name, value, what it means, and where it leads. */
import { TriangleAlert } from 'lucide-react';
import { type FieldNode, noteOf } from '../../format/kit/node';
import { Chevron } from '../shared/chevron';
import { SeverityIcon } from '../shared/severity-icon';
import { SymbolName } from '../shared/symbol-name';
import { MemoryLink } from '../shared/memory-link';
import { markIn, type Query } from './field-query';
import type { FieldRow } from './field-rows';
import { useHover } from './hover';
import type { Mark } from './marks';
import styles from './record.module.css';

interface RowProps {
  readonly row: FieldRow;
  readonly index: number;
  readonly selected: boolean;
  /** The tree's active row: what the keyboard acts on. */
  readonly active: boolean;
  readonly query: Query | undefined;
  /** What a finding says of its bytes. */
  readonly mark: Mark | undefined;
  readonly onToggle: () => void;
}

/**
 * Shows one row of the field tree: a field with its value and meaning, a group of fields, or that a field is loading or
 * not readable.
 */
export function TreeRow(props: RowProps): React.ReactNode {
  const { row, index, selected, active, query, mark, onToggle } = props;
  const open = 'open' in row ? row.open : undefined;
  const node = row.kind === 'field' ? row.node : undefined;
  const hovered = useHover(
    ({ range }) =>
      range !== undefined &&
      node !== undefined &&
      node.length > 0 &&
      range.start === node.offset &&
      range.end === node.offset + node.length,
  );
  return (
    <div
      id={`field-${index}`}
      data-item={index}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={open}
      {...(active ? { 'aria-describedby': 'field-about' } : {})}
      className={`${styles['field']} ${selected ? styles['on'] : ''} ${hovered ? styles['hovered'] : ''} ${open === undefined ? '' : styles['group']}`}
    >
      <span className={styles['label']} style={{ '--depth': row.depth }}>
        {open === undefined ? (
          <span className={styles['chevron']} />
        ) : (
          <Chevron open={open} onToggle={onToggle} className={styles['chevron']} />
        )}
        <span className="ell">
          {row.kind === 'group' ? row.label : <Marked text={node?.name ?? ''} query={query} />}
        </span>
        {mark && (
          <span className={`sev-${mark} ${styles['severity']}`}>
            <SeverityIcon severity={mark} size={12} />
            <span className="sr">{mark}</span>
          </span>
        )}
      </span>
      <span className={styles['value']}>
        {row.kind === 'loading' && <i className={styles['bar']} />}
        {row.kind === 'failed' && <span className={styles['problem']}>not readable: {row.reason}</span>}
        {node && <Value node={node} query={query} />}
      </span>
    </div>
  );
}

function Marked({ text, query }: { readonly text: string; readonly query: Query | undefined }): React.ReactNode {
  const mark = query && markIn(text, query);
  if (!mark) return <>{text}</>;
  const [start, end] = mark;
  return (
    <>
      {text.slice(0, start)}
      <mark className={styles['mark']}>{text.slice(start, end)}</mark>
      {text.slice(end)}
    </>
  );
}

const isZero = ({ value }: FieldNode): boolean => value === 0 || value === 0n;

/** Characters of flag names that a row has room for; the rest are counted. */
const FLAG_ROOM = 24;

function fitting(flags: readonly string[]): number {
  let used = 0;
  const cut = flags.findIndex((flag) => (used += flag.length + 2) > FLAG_ROOM);
  return cut < 0 ? flags.length : Math.max(1, cut);
}

function Value({ node, query }: { readonly node: FieldNode; readonly query: Query | undefined }): React.ReactNode {
  const { text, flags, problem } = node;
  const note = noteOf(node);
  const shown = fitting(flags ?? []);
  return (
    <>
      <span className={`mono ${styles['text']} ${node.value === null || isZero(node) ? styles['dim'] : ''}`}>
        <Marked text={text} query={query} />
      </span>
      <MemoryLink node={node} mouseOnly />
      <SymbolName node={node} />
      {flags && (
        <span className={styles['flags']}>
          {flags.slice(0, shown).map((flag) => (
            <span key={flag} className="bit">
              {flag}
            </span>
          ))}
          {flags.length > shown && <span className="bit off">+{flags.length - shown}</span>}
        </span>
      )}
      {note !== undefined && (
        <span className={`${styles['note']} ell`}>
          <Marked text={note} query={query} />
        </span>
      )}
      {problem !== undefined && (
        <span className={styles['problem']}>
          <TriangleAlert size={12} aria-hidden />
          {problem}
        </span>
      )}
    </>
  );
}
