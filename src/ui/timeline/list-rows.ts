/** Rows of the list: the timeline's, or the filter's matches. */
import type { TimelineRow } from '../../state/timeline/row';
import type { Timeline } from '../../state/timeline/timeline';
import type { ActiveFilter } from './use-filter';

export interface ListRows {
  readonly count: number;
  readonly row: (position: number) => TimelineRow | undefined;
  /** Position of a record; −1 if no row is about it. */
  readonly position: (record: number) => number;
}

const NO_ROWS: ListRows = { count: 0, row: () => undefined, position: () => -1 };

/** Returns the rows of the list; none while a filter's records are looked up. */
export function rowsOf(timeline: Timeline, filter: ActiveFilter | undefined): ListRows {
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

/** Tells whether a row is that of the selection: of record and bytes. `isCursor` tells apart a record from its entries. */
export function isSelected(
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
