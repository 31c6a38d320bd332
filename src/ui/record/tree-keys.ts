/** The keyboard on the field tree. */
import { clamp } from '../../lib/range';
import { notify } from '../../state/app';
import type { OpenFile } from '../../state/open-file';
import { isPressed } from '../commands/pressed';
import { followRef } from '../shared/memory-link';
import type { FieldRow } from './field-rows';
import type { FieldTreeRows } from './use-field-tree';

interface Where {
  readonly file: OpenFile;
  readonly tree: FieldTreeRows;
  readonly rowsInView: number;
  /** Told of the row that a key has led to. */
  readonly onReached: (row: FieldRow | undefined) => void;
}

/** Moves, folds and follows; returns whether the key was one of the tree's. */
export function treeKeyDown(event: React.KeyboardEvent, { file, tree, rowsInView, onReached }: Where): boolean {
  const { rows, at, toggle } = tree;
  const row = rows[at];
  if (isPressed(event, 'field-follow')) {
    if (row?.kind === 'field' && row.node.leadsTo) void followRef(file, row.node);
    else notify('This field names no place in the guest’s memory');
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const to = (index: number): void => {
    const next = rows[clamp(index, 0, rows.length - 1)];
    tree.select(next);
    onReached(next);
  };
  const fold = (open?: boolean) => (): void => {
    if (row) toggle(row, open);
  };
  const page = Math.max(1, rowsInView - 1);
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => to(at + 1),
    ArrowUp: () => to(at - 1),
    PageDown: () => to(at + page),
    PageUp: () => to(at - page),
    Home: () => to(0),
    End: () => to(rows.length - 1),
    ArrowRight: fold(true),
    ArrowLeft: () => {
      if (!row) return;
      if ('open' in row && row.open === true) toggle(row, false);
      else to(rows.findLastIndex(({ depth }, index) => index < at && depth < row.depth));
    },
    Enter: fold(),
    ' ': fold(),
  };
  const move = moves[event.key];
  move?.();
  return move !== undefined;
}
