/** The list itself: a tree of any length, one tab stop, moved through by arrows. */
import { useEffect, useRef, useState } from 'react';
import { goToOffset, selectRecord } from '../../state/actions';
import type { TimelineRow } from '../../state/timeline/row';
import type { Timeline } from '../../state/timeline/timeline';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { itemOf } from '../shared/item-of';
import { Row } from './row';
import { useChanges, useFile, usePlace, useView } from '../shared/use-file';
import styles from './timeline.module.css';
import { type ActiveFilter, useMatches } from './use-filter';

const ROW_PX = 24;

const rowId = (position: number): string => `row-${position}`;

/** Rows of the list: the timeline's, or the filter's matches. */
interface Rows {
  readonly count: number;
  readonly row: (position: number) => TimelineRow | undefined;
  readonly position: (record: number) => number;
}

const NO_ROWS: Rows = { count: 0, row: () => undefined, position: () => -1 };

function rowsOf(timeline: Timeline, filter: ActiveFilter | undefined): Rows {
  if (!filter)
    return { count: timeline.rows, row: (at) => timeline.row(at), position: (record) => timeline.position(record) };
  if (filter.state !== 'ready') return NO_ROWS;
  const { run } = filter;
  return {
    count: run.matches,
    row: (at) =>
      at < run.matches && at >= 0 ? { kind: 'record', record: run.at(at), depth: 0, block: -1 } : undefined,
    position: (record) => {
      // Matches ascend: bisect for the record.
      let [low, high] = [0, run.matches];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (run.at(middle) < record) low = middle + 1;
        else high = middle;
      }
      return run.at(low) === record ? low : -1;
    },
  };
}

export function TimelineList({ filter }: { readonly filter: ActiveFilter | undefined }): React.ReactNode {
  const file = useFile();
  const selected = usePlace((place) => place.record);
  const range = usePlace((place) => place.range);
  const jumps = useView((view) => view.jumps);
  const { timeline } = file;
  useChanges(timeline.changes);
  useMatches(filter);
  const rows = rowsOf(timeline, filter);
  const scroll = useScaledScroll(rows.count, ROW_PX);
  const [cursor, setCursor] = useState(-1);
  const moving = useRef(false);

  const selectedAt = selected === undefined ? -1 : rows.position(selected);
  // Follow a selection made elsewhere; a move of our own keeps its row, which may be an entry below the record.
  useEffect(() => {
    if (moving.current) {
      moving.current = false;
      return;
    }
    if (selectedAt >= 0) {
      setCursor(selectedAt);
      scroll.reveal(selectedAt, 'center');
    }
  }, [selected, selectedAt >= 0, filter, jumps]);

  const act = (position: number, row: TimelineRow): void => {
    moving.current = true;
    setCursor(position);
    if (row.kind === 'record') selectRecord(file, row.record);
    else if (row.kind === 'entry') goToOffset(file, row.entry.offset, row.entry.length + 8);
    else if (row.kind === 'gap') goToOffset(file, row.gap.offset, Math.min(row.gap.length, 64));
    else moving.current = false;
  };
  const toggle = (row: TimelineRow, open?: boolean): void => {
    if (row.block < 0) return;
    timeline.toggle(row.block, open);
  };
  const choose = (position: number, row: TimelineRow): void => {
    if (row.kind !== 'layer' && row.kind !== 'run') return act(position, row);
    setCursor(position);
    return toggle(row);
  };
  const moveTo = (wanted: number): void => {
    const position = Math.max(0, Math.min(rows.count - 1, wanted));
    const row = rows.row(position);
    if (!row) return;
    scroll.reveal(position);
    act(position, row);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(scroll.heightPx / ROW_PX) - 1);
    const row = rows.row(cursor);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(cursor + 1),
      ArrowUp: () => moveTo(cursor - 1),
      PageDown: () => moveTo(cursor + page),
      PageUp: () => moveTo(cursor - page),
      Home: () => moveTo(0),
      End: () => moveTo(rows.count - 1),
      ArrowRight: () => row && toggle(row, true),
      ArrowLeft: () => row && toggle(row, false),
      Enter: () => row && (row.kind === 'run' || row.kind === 'layer' ? toggle(row) : act(cursor, row)),
      ' ': () => row && toggle(row),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  const shown = Array.from({ length: scroll.rowsInView }, (_, index) => scroll.firstRow + index);
  const active = cursor >= scroll.firstRow && cursor < scroll.firstRow + scroll.rowsInView ? rowId(cursor) : undefined;
  return (
    <div
      id="timeline"
      className={styles['list']}
      ref={scroll.ref}
      role="tree"
      aria-label="Records of the image"
      aria-activedescendant={active}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const position = itemOf(event);
        const row = position === undefined ? undefined : rows.row(position);
        if (position !== undefined && row) choose(position, row);
      }}
      onDoubleClick={(event) => {
        const row = rows.row(itemOf(event) ?? -1);
        if (row?.kind === 'record') toggle(row);
      }}
    >
      <div style={{ height: scroll.spacerPx }} role="presentation">
        <div className={styles['window']} role="presentation" style={{ height: scroll.heightPx }}>
          <div style={{ transform: `translateY(${-scroll.shiftPx}px)` }} role="presentation">
            {shown.map((position) => {
              const row = rows.row(position);
              return (
                row && (
                  <Row
                    key={position}
                    id={rowId(position)}
                    position={position}
                    count={rows.count}
                    row={row}
                    cursor={position === cursor}
                    selected={isSelected(row, selected, range?.start, cursor === position)}
                    onToggle={() => toggle(row)}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
      {rows.count === 0 && <Nothing filter={filter} />}
    </div>
  );
}

/** Why there are no rows. */
function Nothing({ filter }: { readonly filter: ActiveFilter | undefined }): React.ReactNode {
  if (filter?.state === 'failed') {
    return (
      <p className={styles['nothing']} role="alert">
        The records of the page could not be looked up: {filter.reason}
      </p>
    );
  }
  const text = !filter ? 'No record yet.' : filter.state === 'loading' ? 'Looking…' : 'No record matches the filter.';
  return <p className={styles['nothing']}>{text}</p>;
}

function isSelected(
  row: TimelineRow,
  selected: number | undefined,
  start: number | undefined,
  isCursor: boolean,
): boolean {
  if (selected === undefined) return false;
  switch (row.kind) {
    case 'record':
      return row.record === selected && (row.open !== true || start === undefined || isCursor);
    case 'entry':
      return (
        row.record === selected &&
        start !== undefined &&
        start >= row.entry.offset &&
        start < row.entry.offset + row.entry.length + 8
      );
    case 'run':
      return !row.open && selected >= row.first && selected < row.first + row.count;
    case 'layer':
    case 'gap':
      return false;
  }
}
