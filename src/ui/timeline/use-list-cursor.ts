/** The row that keys act on: it follows the selected record, until it is moved in the list itself. */
import { useEffect, useEffectEvent, useState } from 'react';
import type { View } from '../../state/open-file';
import { useFile, usePlace, useView } from '../shared/use-file';
import type { ListRows } from './list-rows';

interface Moved {
  readonly position: number;
  /** The selection that the move has made, and the filter that it was made under. */
  readonly selection: string;
  readonly filter: unknown;
}

/** A jump counts as a selection: it may lead to what is selected already. */
const selectionOf = ({ place: { record, range }, jumps }: View): string =>
  [record, range?.start, range?.end, jumps].join(' ');

/**
 * Returns the position of the row, and what moves it there after a selection made in the list: an entry below a record
 * keeps its row. A selection made elsewhere brings its record into view. `filter` tells apart what rows are of.
 */
export function useListCursor(
  rows: ListRows,
  filter: unknown,
  reveal: (position: number, where: 'center') => void,
): readonly [position: number, moveTo: (position: number) => void] {
  const file = useFile();
  const record = usePlace((place) => place.record);
  const selection = useView(selectionOf);
  const jumps = useView((view) => view.jumps);
  const [moved, setMoved] = useState<Moved>();
  const isOwn = moved?.selection === selection && moved.filter === filter;
  const selected = record === undefined ? -1 : rows.position(record);
  const position = isOwn ? moved.position : selected;
  const isThere = selected >= 0;

  const follow = useEffectEvent((..._why: readonly unknown[]): void => {
    if (!isOwn && selected >= 0) reveal(selected, 'center');
  });
  useEffect(() => follow(record, isThere, filter), [record, isThere, filter]);
  const onJump = useEffectEvent((_jump: number): void => {
    if (position >= 0) reveal(position, 'center');
  });
  useEffect(() => onJump(jumps), [jumps]);

  return [position, (to) => setMoved({ position: to, selection: selectionOf(file.view.getState()), filter })];
}
