/** The keyboard on the map: arrows move by cells, Page keys by screens, + and − zoom. */
import { clamp } from '../../../lib/range';
import { isPressed } from '../../commands/pressed';
import type { Grid } from './zoom';

export interface MapKeys {
  readonly grid: Grid;
  readonly pfns: number;
  readonly rowsPerPage: number;
  readonly selected: number | undefined;
  readonly onMove: (pfn: number) => void;
  readonly onEnter: () => void;
  readonly onZoom: (step: number) => void;
  readonly onFit: () => void;
}

/**
 * Handles a key that is pressed on the map: it moves the selected page, opens its bytes or zooms. Other keys are left
 * alone.
 */
export function mapKeyDown(event: React.KeyboardEvent, keys: MapKeys): void {
  const { grid, pfns, rowsPerPage, selected, onMove } = keys;
  if (event.altKey || event.metaKey || event.ctrlKey || pfns === 0) return;
  const at = selected === undefined ? 0 : Math.min(selected, pfns - 1);
  const cell = Math.floor(at / grid.perCell) * grid.perCell;
  const rowStart = Math.floor(at / grid.perRow) * grid.perRow;
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: cell - grid.perCell,
    ArrowRight: cell + grid.perCell,
    ArrowUp: at < grid.perRow ? at : at - grid.perRow,
    ArrowDown: at + grid.perRow < pfns ? at + grid.perRow : at,
    PageUp: Math.max(at % grid.perRow, at - grid.perRow * rowsPerPage),
    PageDown: at + grid.perRow * rowsPerPage,
    Home: event.shiftKey ? rowStart : 0,
    End: event.shiftKey ? rowStart + grid.perRow - 1 : pfns - 1,
  };
  const to = moves[event.key];
  // The first arrow shows where the cursor is.
  if (to !== undefined) onMove(selected === undefined && event.key.startsWith('Arrow') ? 0 : clamp(to, 0, pfns - 1));
  else if (isPressed(event, 'page-bytes')) keys.onEnter();
  else if (isPressed(event, 'zoom-in')) keys.onZoom(-1);
  else if (isPressed(event, 'zoom-out')) keys.onZoom(1);
  else if (isPressed(event, 'zoom-fit')) keys.onFit();
  else return;
  event.preventDefault();
}
