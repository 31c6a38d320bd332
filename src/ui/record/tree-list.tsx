/** The rows of the field tree that are in view, moved through by keys and pointer. One tab stop. */
import { useEffect, useMemo, useRef } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { itemElement, itemOf } from '../shared/item-of';
import { useFile, useShownFindings } from '../shared/use-file';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { TreeRow } from './field-row';
import type { FieldRow } from './field-rows';
import type { Tip } from './field-tip';
import { hover } from './hover';
import { markOf, Marks, spanOf } from './marks';
import { treeKeyDown } from './tree-keys';
import type { FieldTreeRows } from './use-field-tree';
import styles from './record.module.css';

const ROW_PX = 24;

interface Props {
  readonly nodes: readonly FieldNode[];
  readonly tree: FieldTreeRows;
  readonly tip: Tip;
  /** Escape, where no tip is shown that it sends away; returns whether there was something to leave. */
  readonly onEscape: () => boolean;
}

/** Shows the rows, what they are about in a tip, and their bytes as they are pointed at. */
export function TreeList({ nodes, tree, tip, onEscape }: Props): React.ReactNode {
  const file = useFile();
  const findings = useShownFindings();
  const marks = useMemo(() => new Marks(findings, spanOf(nodes)), [nodes, findings]);
  const { rows, at } = tree;
  const { ref, spacerPx, heightPx, firstRow, shiftPx, rowsInView, reveal } = useScaledScroll(rows.length, ROW_PX);
  useEffect(() => {
    if (at >= 0) reveal(at);
  }, [at, reveal]);

  const describe = (row: FieldRow | undefined): void => {
    if (row?.kind !== 'field') tip.hide();
    else tip.show(row.node, () => ref.current?.querySelector('[aria-describedby]') ?? null, 'keyboard');
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const whole = Math.floor(heightPx / ROW_PX);
    const isTaken =
      event.key === 'Escape'
        ? escape(tip, onEscape)
        : treeKeyDown(event, { file, tree, rowsInView: whole, onReached: describe });
    if (isTaken) event.preventDefault();
  };
  return (
    <div
      id="field-tree"
      className={styles['scroll']}
      ref={ref}
      role="tree"
      aria-label="Fields"
      tabIndex={0}
      aria-activedescendant={at >= firstRow && at < firstRow + rowsInView ? `field-${at}` : undefined}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const row = rows[itemOf(event) ?? -1];
        if (row?.kind === 'group') tree.toggle(row);
        else tree.select(row);
      }}
      onDoubleClick={(event) => {
        const row = rows[itemOf(event) ?? -1];
        if (row) tree.toggle(row);
      }}
      onFocus={() => describe(rows[at])}
      onBlur={tip.hide}
      onScroll={tip.hide}
      {...usePointed(rows, tip)}
    >
      <div style={{ height: spacerPx }} role="presentation">
        <div className={styles['window']} style={{ height: heightPx }} role="presentation">
          <div style={{ transform: `translateY(${-shiftPx}px)` }} role="presentation">
            {rows.slice(firstRow, firstRow + rowsInView).map((row, index) => (
              <TreeRow
                key={row.path}
                row={row}
                index={firstRow + index}
                selected={tree.isSelected && firstRow + index === at}
                active={firstRow + index === at}
                query={tree.query}
                mark={markOf(row, marks)}
                onToggle={() => tree.toggle(row)}
              />
            ))}
          </div>
        </div>
      </div>
      {rows.length === 0 && <Nothing tree={tree} />}
    </div>
  );
}

function escape(tip: Tip, onEscape: () => boolean): boolean {
  if (!tip.shown) return onEscape();
  tip.hide();
  return true;
}

/** The handlers that tell of the row under the pointer: its tip, and its bytes marked in the hex view. */
function usePointed(rows: readonly FieldRow[], tip: Tip): React.DOMAttributes<HTMLElement> {
  const file = useFile();
  const over = useRef<string>(undefined);
  return {
    onMouseOver: (event) => {
      const element = itemElement(event);
      const row = rows[itemOf(event) ?? -1];
      if (!element || !row || row.path === over.current) return;
      over.current = row.path;
      if (row.kind !== 'field') return tip.hide();
      const { offset, length } = row.node;
      tip.show(row.node, () => element, 'pointer');
      if (length > 0) hover(file, { start: offset, end: offset + length });
    },
    onMouseLeave: () => {
      over.current = undefined;
      hover(file, undefined);
      tip.hide();
    },
  };
}

const Nothing = ({ tree: { search } }: { readonly tree: FieldTreeRows }): React.ReactNode => (
  <p className={styles['nothing']}>
    {search ? `No matches${search.pending ? ' yet' : ''}.` : 'The body is empty, as specified.'}
  </p>
);
