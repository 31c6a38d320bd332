/** The fields of a record as a tree, linked to the bytes both ways. One tab stop. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { TriangleAlert } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { selectRange } from '../../state/actions';
import { isPressed } from '../commands/pressed';
import { itemElement, itemOf } from '../shared/item-of';
import { followTarget } from '../shared/target-link';
import type { DecodedRecord } from '../../state/decoded';
import type { Answer } from '../shared/use-answer';
import { useEnter } from '../shared/use-enter';
import { fieldOf } from './field-path';
import { spoken } from './about';
import { parseQuery } from './field-query';
import { TreeRow } from './field-row';
import { type FieldRow, fieldRows, type Folds, revealed } from './field-rows';
import { searchFields } from './field-search';
import { FieldTip, useTip } from './field-tip';
import { FindBox } from './find-box';
import { hover } from './hover';
import { markOf, Marks, spanOf } from './marks';
import { notify } from '../../state/app';
import { useBytes, useFile, usePlace, useShownFindings, useView } from '../shared/use-file';
import styles from './record.module.css';

const ROW_PX = 24;
const NO_FOLDS: Folds = new Map();

export function FieldTree({
  decoded,
  record,
}: {
  readonly decoded: Answer<DecodedRecord>;
  readonly record: number | undefined;
}): React.ReactNode {
  // Kept from record to record of one kind.
  const [text, setText] = useState('');
  if (decoded.state === 'failed') {
    return (
      <div className={styles['failed']} role="alert">
        <TriangleAlert size={16} aria-hidden />
        <p>The record could not be read: {decoded.reason}.</p>
      </div>
    );
  }
  return decoded.state === 'loading' ? (
    <div className={styles['fields']}>
      <FindBox text={text} onText={setText} search={undefined} current={-1} onStep={() => undefined} />
      <Head />
      <Loading />
    </div>
  ) : (
    <Tree key={record} nodes={decoded.value.nodes} text={text} onText={setText} />
  );
}

const Head = (): React.ReactNode => (
  <div className={`${styles['fieldHead']} cap`} aria-hidden>
    <span>Field</span>
    <span>Value</span>
  </div>
);

function Loading(): React.ReactNode {
  return (
    <output className={styles['loading']} aria-label="Reading the record">
      {[120, 84, 160, 96, 132].map((width) => (
        <i key={width} style={{ width }} />
      ))}
    </output>
  );
}

interface TreeProps {
  readonly nodes: readonly FieldNode[];
  readonly text: string;
  readonly onText: (text: string) => void;
}

function Tree({ nodes, text, onText }: TreeProps): React.ReactNode {
  const file = useFile();
  const { source, loads } = useBytes();
  const range = usePlace((place) => place.range);
  const fieldPath = useView((view) => view.fieldPath);
  const findings = useShownFindings();
  const marks = useMemo(() => new Marks(findings, spanOf(nodes)), [nodes, findings]);
  const [folds, setFolds] = useState(NO_FOLDS);
  const [cursor, setCursor] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const tip = useTip();
  /** The row under the pointer. */
  const over = useRef<string>(undefined);
  const wanted = useDeferredValue(text);
  const query = useMemo(() => parseQuery(wanted), [wanted]);
  const search = useMemo(
    () => (query ? searchFields(source, nodes, query, folds) : undefined),
    [nodes, query, folds, source, loads],
  );
  const rows = useMemo(() => search?.rows ?? fieldRows(source, nodes, folds), [search, nodes, folds, source, loads]);
  const selectedPath = useMemo(
    () => (range ? (fieldPath ?? fieldOf(source, nodes, range)?.path) : undefined),
    [nodes, range, fieldPath, source, loads],
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
  }, [selectedPath, search === undefined]);
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
      selectRange(file, { start: row.node.offset, end: row.node.offset + row.node.length }, row.path);
    else if (row.kind === 'field') selectRange(file, undefined);
  };
  const current = search?.found.indexOf(selectedPath ?? cursor) ?? -1;
  const isLooking = text !== wanted || (search?.pending === true && search.found.length === 0);
  const step = useEnter(text, isLooking, (by: 1 | -1) => {
    const found = search?.found ?? [];
    // From a place of its own the next one is the first, the previous the last.
    const next = current < 0 && by < 0 ? found.length - 1 : (current + by + found.length) % found.length;
    act(rows.find(({ path }) => path === found[next]));
  });
  const activeElement = (): HTMLElement | null => scroller.current?.querySelector('[aria-describedby]') ?? null;
  const describe = (row: FieldRow | undefined): void => {
    if (row?.kind !== 'field') return tip.hide();
    tip.show(row.node, activeElement, 'keyboard');
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape' && (tip.shown || text !== '')) {
      if (!tip.shown) onText('');
      tip.hide();
      event.preventDefault();
      return;
    }
    const row = rows[at];
    if (isPressed(event, 'field-follow')) {
      event.preventDefault();
      if (row?.kind === 'field' && row.node.target) void followTarget(file, row.node);
      else notify('This field names no place in the guest’s memory');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const to = (index: number): void => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
      act(next);
      describe(next);
    };
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

  const activeRow = rows[at];
  return (
    <div className={styles['fields']}>
      <FindBox text={text} onText={onText} search={search} current={current} onStep={step} />
      <Head />
      <div
        id="field-tree"
        className={styles['scroll']}
        ref={scroller}
        role="tree"
        aria-label="Fields"
        tabIndex={0}
        aria-activedescendant={at >= 0 ? `field-${at}` : undefined}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const row = rows[itemOf(event) ?? -1];
          if (row?.kind === 'group') toggle(row);
          else act(row);
        }}
        onDoubleClick={(event) => {
          const row = rows[itemOf(event) ?? -1];
          if (row) toggle(row);
        }}
        onFocus={() => describe(activeRow)}
        onBlur={tip.hide}
        onScroll={tip.hide}
        onMouseOver={(event) => {
          const element = itemElement(event);
          const row = rows[itemOf(event) ?? -1];
          if (!element || !row || row.path === over.current) return;
          over.current = row.path;
          if (row.kind !== 'field') return tip.hide();
          tip.show(row.node, () => element, 'pointer');
          if (row.node.length > 0) hover({ start: row.node.offset, end: row.node.offset + row.node.length });
        }}
        onMouseLeave={() => {
          over.current = undefined;
          hover(undefined);
          tip.hide();
        }}
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
                    active={item.index === at}
                    query={query}
                    mark={markOf(row, marks)}
                    onToggle={() => toggle(row)}
                  />
                </div>
              )
            );
          })}
        </div>
        {rows.length === 0 && (
          <p className={styles['nothing']}>
            {search
              ? `Nothing of that name or value${search.pending ? ' yet' : ''}.`
              : 'The body is empty, as the specification wants it.'}
          </p>
        )}
      </div>
      {search?.limits.map((limit) => (
        <p key={limit} className={styles['limit']}>
          Not searched to the end: {limit}.
        </p>
      ))}
      <p id="field-about" className="sr">
        {activeRow?.kind === 'field' && spoken(activeRow.node)}
      </p>
      <FieldTip shown={tip.shown} />
    </div>
  );
}
