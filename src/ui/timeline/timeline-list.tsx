/** The list itself: a tree of any length, one tab stop, moved through by arrows. */
import { clamp } from '../../lib/range';
import { goToOffset, selectRecord } from '../../state/actions';
import type { OpenFile } from '../../state/open-file';
import type { TimelineRow } from '../../state/timeline/row';
import { itemOf } from '../shared/item-of';
import { useChanges, useFile, usePlace, useUnreached } from '../shared/use-file';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { isSelected, rowsOf } from './list-rows';
import { Row } from './row';
import { type ActiveFilter, useMatches } from './use-filter';
import { useListCursor } from './use-list-cursor';
import styles from './timeline.module.css';

const ROW_PX = 24;

const rowId = (position: number): string => `row-${position}`;

/** Selects what a row is about: a record, or bytes. */
function select(file: OpenFile, row: TimelineRow): void {
  if (row.kind === 'record') selectRecord(file, row.record);
  else if (row.kind === 'entry') goToOffset(file, row.entry.offset, row.entry.length + 8);
  else if (row.kind === 'gap') goToOffset(file, row.gap.offset, Math.min(row.gap.length, 64));
}

/** Whether choosing a row unfolds it, as it is about nothing that could be selected. */
const isFolder = ({ kind }: TimelineRow): boolean => kind === 'run' || kind === 'layer';

interface Moves {
  readonly cursor: number;
  readonly last: number;
  readonly page: number;
  readonly to: (position: number) => void;
  readonly fold: (open?: boolean) => void;
  readonly choose: () => void;
}

const movesOf = ({ cursor, last, page, to, fold, choose }: Moves): Readonly<Record<string, () => void>> => ({
  ArrowDown: () => to(cursor + 1),
  ArrowUp: () => to(cursor - 1),
  PageDown: () => to(cursor + page),
  PageUp: () => to(cursor - page),
  Home: () => to(0),
  End: () => to(last),
  ArrowRight: () => fold(true),
  ArrowLeft: () => fold(false),
  Enter: choose,
  ' ': () => fold(),
});

/** Returns what keys do in the list; those that do nothing there are left to others. */
const keysFor =
  (moves: Moves) =>
  (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = movesOf(moves)[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

/** Shows the rows in view, those of the filter while one is set. */
export function TimelineList({ filter }: { readonly filter: ActiveFilter | undefined }): React.ReactNode {
  const file = useFile();
  const { timeline } = file;
  const selected = usePlace((place) => place.record);
  const range = usePlace((place) => place.range);
  useChanges(timeline.changes);
  useMatches(filter);
  const rows = rowsOf(timeline, filter);
  const { ref, spacerPx, heightPx, firstRow, shiftPx, rowsInView, reveal } = useScaledScroll(rows.count, ROW_PX);
  const [cursor, setCursor] = useListCursor(rows, filter?.state === 'ready' ? filter.run : undefined, reveal);

  const toggle = (row: TimelineRow | undefined, open?: boolean): void => {
    if (row && row.block >= 0) timeline.toggle(row.block, open);
  };
  const choose = (position: number, isUnfolding: boolean): void => {
    const row = rows.row(position);
    if (!row) return;
    if (isUnfolding && isFolder(row)) toggle(row);
    else select(file, row);
    setCursor(position);
  };
  const moveTo = (wanted: number): void => {
    const position = clamp(wanted, 0, rows.count - 1);
    reveal(position);
    choose(position, false);
  };
  const shown = Array.from({ length: rowsInView }, (_, index) => firstRow + index);
  return (
    <div
      id="timeline"
      className={styles['list']}
      ref={ref}
      role="tree"
      aria-label="Records of the image"
      aria-activedescendant={shown.includes(cursor) ? rowId(cursor) : undefined}
      tabIndex={0}
      onKeyDown={keysFor({
        cursor,
        last: rows.count - 1,
        page: Math.max(1, Math.floor(heightPx / ROW_PX) - 1),
        to: moveTo,
        fold: (open) => toggle(rows.row(cursor), open),
        choose: () => choose(cursor, true),
      })}
      onClick={(event) => choose(itemOf(event) ?? -1, true)}
      onDoubleClick={(event) => {
        const row = rows.row(itemOf(event) ?? -1);
        if (row?.kind === 'record') toggle(row);
      }}
    >
      <div style={{ height: spacerPx }} role="presentation">
        <div className={styles['window']} role="presentation" style={{ height: heightPx }}>
          <div style={{ transform: `translateY(${-shiftPx}px)` }} role="presentation">
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
  const unreached = useUnreached();
  if (filter?.state === 'failed') {
    return (
      <p className={styles['nothing']} role="alert">
        The records of the page could not be looked up: {filter.reason}
      </p>
    );
  }
  if (filter?.state === 'loading') return <p className={styles['nothing']}>Looking…</p>;
  const text = filter ? 'No record matches the filter.' : unreached === undefined ? 'No record yet.' : 'No record.';
  return <p className={styles['nothing']}>{unreached === undefined ? text : `${text} ${unreached}`}</p>;
}
