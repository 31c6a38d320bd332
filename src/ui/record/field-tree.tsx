/** The fields of a record as a tree, linked to the bytes both ways. One tab stop. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { selectRange } from '../../state/actions';
import { useApp } from '../../state/store';
import type { Decoded } from '../shared/use-decoded';
import { fieldOf } from './field-path';
import { type FieldRow, fieldRows, type Folds, revealed } from './field-rows';
import { hover, useHover } from './hover';
import styles from './record.module.css';

const ROW_PX = 24;
const NO_FOLDS: Folds = new Map();

export function FieldTree({
  decoded,
  record,
}: {
  readonly decoded: Decoded;
  readonly record: number | undefined;
}): React.ReactNode {
  if (decoded.state === 'failed') {
    return (
      <div className={styles['failed']} role="alert">
        <TriangleAlert size={16} aria-hidden />
        <p>The record could not be read: {decoded.reason}.</p>
      </div>
    );
  }
  return (
    <div className={styles['fields']}>
      <div className={`${styles['fieldHead']} cap`} aria-hidden>
        <span>Field</span>
        <span>Value</span>
      </div>
      {decoded.state === 'loading' ? <Loading /> : <Tree key={record} nodes={decoded.nodes} />}
    </div>
  );
}

function Loading(): React.ReactNode {
  return (
    <div className={styles['loading']} aria-label="Reading the record" role="status">
      {[120, 84, 160, 96, 132].map((width) => (
        <i key={width} style={{ width }} />
      ))}
    </div>
  );
}

function Tree({ nodes }: { readonly nodes: readonly FieldNode[] }): React.ReactNode {
  const version = useApp((state) => state.version);
  const range = useApp((state) => state.place.range);
  const fieldPath = useApp((state) => state.fieldPath);
  const [folds, setFolds] = useState(NO_FOLDS);
  const [cursor, setCursor] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => fieldRows(nodes, folds), [nodes, folds, version]);
  const selectedPath = useMemo(
    () => (range ? (fieldPath ?? fieldOf(nodes, range)?.path) : undefined),
    [nodes, range, fieldPath, version],
  );
  const at = rows.findIndex(({ path }) => path === (selectedPath ?? cursor));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: (index) => rows[index]?.path ?? index,
  });

  // A selection made in the bytes unfolds its field and brings it into view.
  useEffect(() => {
    if (selectedPath === undefined) return;
    if (rows.some(({ path }) => path === selectedPath)) return;
    setFolds((now) => revealed(now, selectedPath));
  }, [selectedPath]);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at]);

  const toggle = (row: FieldRow, open?: boolean): void => {
    if (!('open' in row) || row.open === undefined) return;
    setFolds((now) => new Map(now).set(row.path, open ?? !row.open));
  };
  const act = (row: FieldRow | undefined): void => {
    if (!row) return;
    setCursor(row.path);
    if (row.kind === 'field' && row.node.length > 0)
      selectRange({ start: row.node.offset, end: row.node.offset + row.node.length }, row.path);
    else if (row.kind === 'field') selectRange(undefined);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const to = (index: number): void => act(rows[Math.max(0, Math.min(rows.length - 1, index))]);
    const row = rows[at];
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => to(at + 1),
      ArrowUp: () => to(at - 1),
      PageDown: () => to(at + page),
      PageUp: () => to(at - page),
      Home: () => to(0),
      End: () => to(rows.length - 1),
      ArrowRight: () => row && toggle(row, true),
      ArrowLeft: () =>
        row && 'open' in row && row.open === true
          ? toggle(row, false)
          : row && to(rows.findLastIndex(({ depth }, index) => index < at && depth < row.depth)),
      Enter: () => row && toggle(row),
      ' ': () => row && toggle(row),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  return (
    <div
      className={styles['scroll']}
      ref={scroller}
      role="tree"
      aria-label="Fields"
      tabIndex={0}
      aria-activedescendant={at >= 0 ? `field-${at}` : undefined}
      onKeyDown={onKeyDown}
      onMouseLeave={() => hover(undefined)}
    >
      <div style={{ height: virtual.getTotalSize() }} className={styles['tall']} role="presentation">
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <div
                key={item.key}
                className={styles['slot']}
                style={{ transform: `translateY(${item.start}px)` }}
                role="presentation"
              >
                <TreeRow
                  row={row}
                  index={item.index}
                  selected={selectedPath !== undefined && item.index === at}
                  onSelect={() => act(row)}
                  onToggle={() => toggle(row)}
                />
              </div>
            )
          );
        })}
      </div>
      {rows.length === 0 && <p className={styles['nothing']}>The body is empty, as the specification wants it.</p>}
    </div>
  );
}

interface RowProps {
  readonly row: FieldRow;
  readonly index: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
}

function TreeRow({ row, index, selected, onSelect, onToggle }: RowProps): React.ReactNode {
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
  const about =
    node &&
    [node.problem, node.flags?.join(' '), node.doc, node.source].filter((part) => part !== undefined).join('\n');
  return (
    <div
      id={`field-${index}`}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={open}
      title={about || undefined}
      className={`${styles['field']} ${selected ? styles['on'] : ''} ${hovered ? styles['hovered'] : ''} ${open === undefined ? '' : styles['group']}`}
      onClick={() => (row.kind === 'group' ? onToggle() : onSelect())}
      onDoubleClick={onToggle}
      onMouseEnter={() => node && node.length > 0 && hover({ start: node.offset, end: node.offset + node.length })}
    >
      <span className={styles['label']} style={{ '--depth': row.depth } as React.CSSProperties}>
        {open === undefined ? (
          <span className={styles['chevron']} />
        ) : (
          <span
            className={styles['chevron']}
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            {open ? <ChevronDown size={12} /> : <ChevronRight size={12} />}
          </span>
        )}
        <span className="ell">{row.kind === 'group' ? row.label : (node?.name ?? '')}</span>
      </span>
      <span className={styles['value']}>
        {row.kind === 'loading' && <i className={styles['bar']} />}
        {row.kind === 'failed' && <span className={styles['problem']}>not readable: {row.reason}</span>}
        {node && <Value node={node} />}
      </span>
    </div>
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

function Value({ node }: { readonly node: FieldNode }): React.ReactNode {
  const { text, note, flags, problem } = node;
  const shown = fitting(flags ?? []);
  return (
    <>
      <span className={`mono ${styles['text']} ${node.value === null || isZero(node) ? styles['dim'] : ''}`}>
        {text}
      </span>
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
      {note !== undefined && <span className={`${styles['note']} ell`}>{note}</span>}
      {problem !== undefined && (
        <span className={styles['problem']}>
          <TriangleAlert size={12} aria-hidden />
          {problem}
        </span>
      )}
    </>
  );
}
