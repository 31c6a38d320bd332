/**
 * How far the map is zoomed, as one whole number. At 0 a cell is a page and a row is 256 of them; each step out puts
 * four times as many pages into a cell, each step in halves the cells of a row.
 */
import { clamp } from '../../../lib/range';

export const NEAREST = -4;
const FARTHEST = 10;
const COLUMNS = 256;
const LEAST_CELL_PX = 4;
/** Rows of small cells get this tall at most, so that what is one cell wide is seen in them. */
const TALL_ROW_PX = 16;

export interface Grid {
  readonly perCell: number;
  readonly columns: number;
  /** Pages in a row. */
  readonly perRow: number;
  readonly rows: number;
  readonly rowPx: number;
}

/**
 * Returns how the map of `pfns` pages is laid out at a zoom, in a view of that many pixels; where its rows are few they
 * are stretched towards `heightPx`.
 */
export function gridAt(zoom: number, pfns: number, widthPx: number, heightPx = 0): Grid {
  const perCell = zoom > 0 ? 4 ** zoom : 1;
  const columns = zoom < 0 ? COLUMNS >> -zoom : COLUMNS;
  const perRow = perCell * columns;
  const rows = Math.max(1, Math.ceil(pfns / perRow));
  const square = Math.max(LEAST_CELL_PX, Math.floor(widthPx / columns));
  // Few rows are stretched to fill the view.
  const rowPx = clamp(Math.floor(heightPx / rows), square, Math.max(square * 2, TALL_ROW_PX));
  return { perCell, columns, perRow, rows, rowPx };
}

/** Returns the nearest zoom at which all pages are in view. */
export function fitZoom(pfns: number, widthPx: number, heightPx: number): number {
  for (let zoom = NEAREST; zoom < FARTHEST; zoom++) {
    const { rows, rowPx } = gridAt(zoom, pfns, widthPx);
    if (rows * rowPx <= heightPx) return zoom;
  }
  return FARTHEST;
}

/** Keeps a zoom within its limits. Zooming out ends where everything is in view, but not before a row is 1 MiB. */
export function clampZoom(zoom: number, fit: number): number {
  return clamp(zoom, NEAREST, Math.max(0, fit));
}
