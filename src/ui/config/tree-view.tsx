/** JSON as a tree that folds. While something is searched for it shows what matches, and what that lies in. */
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { grouped } from '../../lib/text';
import { VirtualRows } from '../shared/virtual-rows';
import { hasChildren, type JsonNode, type JsonTree, matchingRows, openRows, startsClosed } from './json-tree';
import { Marked } from './marked';
import styles from './config.module.css';

const ROW_PX = 24;
/** Longest value laid out in a row; the whole of it is in the text view. */
const VALUE_LIMIT = 500;
/** Indentation stops growing here: it would push everything out of view. */
const DEEPEST = 40;

interface Props {
  readonly tree: JsonTree;
  readonly wanted: string;
}

export function TreeView({ tree, wanted }: Props): React.ReactNode {
  const [closed, setClosed] = useState<ReadonlySet<number>>(() => startsClosed(tree));
  const [active, setActive] = useState(0);
  const searching = wanted !== '';
  const rows = useMemo(
    () => (searching ? matchingRows(tree, wanted).rows : openRows(tree, closed)),
    [tree, closed, wanted, searching],
  );
  if (rows.length === 0) return <p className={styles['hint']}>Nothing matches.</p>;

  const isOpen = (node: number): boolean => searching || !closed.has(node);
  const fold = (node: number, open: boolean): void => {
    if (searching || !hasChildren(tree, node)) return;
    const next = new Set(closed);
    if (open) next.delete(node);
    else next.add(node);
    setClosed(next);
  };
  const onKey = (event: React.KeyboardEvent, row: number): void => {
    const node = rows[row];
    if (node === undefined) return;
    if (event.key === 'ArrowRight') {
      if (!isOpen(node)) fold(node, true);
      else if (hasChildren(tree, node)) setActive(row + 1);
    } else if (event.key === 'ArrowLeft') {
      if (isOpen(node) && hasChildren(tree, node) && !searching) fold(node, false);
      else setActive(Math.max(0, rows.indexOf(tree.nodes[node]?.parent ?? 0)));
    } else return;
    event.preventDefault();
  };

  return (
    <VirtualRows
      role="tree"
      label="Domain configuration"
      count={rows.length}
      rowPx={ROW_PX}
      active={Math.min(active, rows.length - 1)}
      onActive={setActive}
      onEnter={(row) => {
        const node = rows[row];
        if (node !== undefined) fold(node, !isOpen(node));
      }}
      onKey={onKey}
      aria={(row) => {
        const node = rows[row] ?? 0;
        const expanded = hasChildren(tree, node) ? { 'aria-expanded': isOpen(node) } : {};
        return { 'aria-level': (tree.nodes[node]?.depth ?? 0) + 1, ...expanded };
      }}
      render={(row) => {
        const index = rows[row] ?? 0;
        const node = tree.nodes[index];
        const parent = tree.nodes[node?.parent ?? -1];
        return (
          node && (
            <div className={styles['node']} style={{ paddingLeft: 12 + Math.min(node.depth, DEEPEST) * 16 }}>
              <Twist
                shown={hasChildren(tree, index)}
                open={isOpen(index)}
                onClick={() => fold(index, !isOpen(index))}
              />
              {node.key !== undefined && (
                <span className={parent?.kind === 'array' ? styles['position'] : styles['key']}>
                  <Marked text={node.key} wanted={wanted} />
                </span>
              )}
              <Value node={node} wanted={wanted} />
            </div>
          )
        );
      }}
    />
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
    <span className={styles['twist']} onClick={props.onClick} aria-hidden>
      <Icon size={12} />
    </span>
  );
}

function Value({ node, wanted }: { readonly node: JsonNode; readonly wanted: string }): React.ReactNode {
  const { kind, text } = node;
  if (kind === 'object' || kind === 'array') {
    const size = grouped(Number(text));
    return <span className={styles['size']}>{kind === 'object' ? `{ ${size} }` : `[ ${size} ]`}</span>;
  }
  const cut = text.length > VALUE_LIMIT ? `${text.slice(0, VALUE_LIMIT)}…` : text;
  return (
    <span className={`ell ${kind === 'null' ? styles['size'] : ''}`} title={cut}>
      <Marked text={cut} wanted={wanted} />
    </span>
  );
}
