/** Fields as a tree that folds. While something is searched for it shows what matches, and what that lies in. */
import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { hex0x } from '../../lib/text';
import { MemoryLink } from '../shared/memory-link';
import { VirtualRows } from '../shared/virtual-rows';
import { type FieldList, hasChildren, matchingRows, openRows, startsClosed } from './field-list';
import { Marked } from './marked';
import { showBytes } from '../shared/focus-bytes';
import { useFile } from '../shared/use-file';
import styles from './config.module.css';

const ROW_PX = 24;
/** Longest value laid out in a row; the whole of it is in the text view. */
const VALUE_LIMIT = 500;
/** Indentation stops growing here: it would push everything out of view. */
const DEEPEST = 40;

interface Props {
  readonly list: FieldList;
  readonly label: string;
  readonly wanted: string;
}

/** Shows fields as a tree that folds; while something is searched for, only what matches and what that lies in. */
export function TreeView({ list, label, wanted }: Props): React.ReactNode {
  const file = useFile();
  const [closed, setClosed] = useState<ReadonlySet<number>>(() => startsClosed(list));
  const [active, setActive] = useState(0);
  const searching = wanted !== '';
  const rows = useMemo(
    () => (searching ? matchingRows(list, wanted).rows : openRows(list, closed)),
    [list, closed, wanted, searching],
  );
  if (rows.length === 0) return <p className={styles['hint']}>{searching ? 'Nothing matches.' : 'It is empty.'}</p>;

  const isOpen = (node: number): boolean => searching || !closed.has(node);
  const fold = (node: number, open: boolean): void => {
    if (searching || !hasChildren(list, node)) return;
    const next = new Set(closed);
    if (open) next.delete(node);
    else next.add(node);
    setClosed(next);
  };
  const show = (row: number): void => {
    const node = list.nodes[rows[row] ?? -1];
    if (node) showBytes(file, node.field);
  };
  const onKey = (event: React.KeyboardEvent, row: number): void => {
    const node = rows[row];
    if (node === undefined) return;
    if (event.key === 'ArrowRight') {
      if (!isOpen(node)) fold(node, true);
      else if (hasChildren(list, node)) setActive(row + 1);
    } else if (event.key === 'ArrowLeft') {
      if (isOpen(node) && hasChildren(list, node) && !searching) fold(node, false);
      else setActive(Math.max(0, rows.indexOf(list.nodes[node]?.parent ?? 0)));
    } else return;
    event.preventDefault();
  };

  return (
    <VirtualRows
      kind="tree"
      label={label}
      count={rows.length}
      rowPx={ROW_PX}
      active={Math.min(active, rows.length - 1)}
      onActive={setActive}
      onEnter={show}
      onKey={onKey}
      aria={(row) => {
        const node = rows[row] ?? 0;
        const expanded = hasChildren(list, node) ? { 'aria-expanded': isOpen(node) } : {};
        return { 'aria-level': (list.nodes[node]?.depth ?? 0) + 1, ...expanded };
      }}
      render={(row) => {
        const index = rows[row] ?? 0;
        const node = list.nodes[index];
        return (
          node && (
            <Row
              node={node}
              wanted={wanted}
              folds={hasChildren(list, index)}
              open={isOpen(index)}
              onFold={() => fold(index, !isOpen(index))}
            />
          )
        );
      }}
    />
  );
}

interface RowProps {
  readonly node: FieldList['nodes'][number];
  readonly wanted: string;
  readonly folds: boolean;
  readonly open: boolean;
  readonly onFold: () => void;
}

function Row({ node, wanted, folds, open, onFold }: RowProps): React.ReactNode {
  const file = useFile();
  return (
    <div className={styles['node']} style={{ paddingLeft: 12 + Math.min(node.depth, DEEPEST) * 16 }}>
      <Twist shown={folds} open={open} onClick={onFold} />
      <span className={node.field.name.startsWith('[') ? styles['position'] : styles['key']}>
        <Marked text={node.field.name} wanted={wanted} />
      </span>
      <Value field={node.field} wanted={wanted} />
      <MemoryLink node={node.field} mouseOnly />
      <button
        type="button"
        className={`link ${styles['where']}`}
        tabIndex={-1}
        title="Show the bytes"
        onClick={() => showBytes(file, node.field)}
      >
        {hex0x(node.field.offset)}
      </button>
    </div>
  );
}

function Twist(props: {
  readonly shown: boolean;
  readonly open: boolean;
  readonly onClick: () => void;
}): React.ReactNode {
  if (!props.shown) return <span className={styles['twist']} />;
  const Icon = props.open ? ChevronDown : ChevronRight;
  return (
    <span
      className={styles['twist']}
      onClick={props.onClick}
      onDoubleClick={(event) => event.stopPropagation()}
      aria-hidden
    >
      <Icon size={12} />
    </span>
  );
}

function Value({ field, wanted }: { readonly field: FieldNode; readonly wanted: string }): React.ReactNode {
  const { value, text, note, problem, doc } = field;
  const cut = text.length > VALUE_LIMIT ? `${text.slice(0, VALUE_LIMIT)}…` : text;
  const isPlain = value === null || value === 'null';
  return (
    <>
      <span className={`ell ${isPlain ? styles['size'] : ''}`} title={[cut, doc].filter(Boolean).join('\n')}>
        {value === null ? cut : <Marked text={cut} wanted={wanted} />}
      </span>
      {note !== undefined && <span className={styles['size']}>{note}</span>}
      {problem !== undefined && (
        <span className={`ell ${styles['wrong']}`} title={problem}>
          <TriangleAlert size={12} aria-hidden />
          {problem}
        </span>
      )}
    </>
  );
}
