/** Where cells lie in the view, and which page lies under a point. */
import { type LayerEntry, type LayerId, type MapLayer, NOTHING } from '../../../memory/map/layer';
import { type MapTiles, tileCells } from './tiles';
import type { Grid } from './zoom';

/** Left of the cells: room for the PFNs of the rows. */
export const GUTTER_PX = 76;
export const RIGHT_PX = 12;
export const MAP_MARGIN_PX = GUTTER_PX + RIGHT_PX;
/** Between the labels of rows. */
export const LABEL_GAP_PX = 44;

export interface View {
  readonly grid: Grid;
  readonly pfns: number;
  readonly layer: MapLayer;
  readonly entries: readonly LayerEntry[];
  /** To the right end of the cells. */
  readonly width: number;
  readonly height: number;
  readonly firstRow: number;
  readonly shiftPx: number;
  readonly rowsInView: number;
}

/** Rounds to whole pixels of the screen. */
export const snap = (value: number): number => Math.round(value * devicePixelRatio) / devicePixelRatio;

/** Returns the left edge of a column of cells, in pixels from the left of the view. */
export const cellX = ({ grid, width }: View, column: number): number =>
  snap(GUTTER_PX + (column * (width - GUTTER_PX)) / grid.columns);
/** Returns the upper edge of a row of cells, in pixels from the top of the view; it is negative above that. */
export const rowY = ({ grid, firstRow, shiftPx }: View, row: number): number =>
  snap((row - firstRow) * grid.rowPx - shiftPx);

/** Returns the page under a point of the view; undefined beside the cells. */
export function pfnAt(view: View, x: number, y: number): number | undefined {
  const { grid, pfns, width, firstRow, shiftPx } = view;
  const column = Math.floor(((x - GUTTER_PX) * grid.columns) / (width - GUTTER_PX));
  const row = firstRow + Math.floor((y + shiftPx) / grid.rowPx);
  const pfn = row * grid.perRow + column * grid.perCell;
  return column < 0 || column >= grid.columns || row < 0 || pfn >= pfns ? undefined : pfn;
}

/** Returns the state of the cell that holds `pfn`; undefined while not known. */
export function cellAt(tiles: MapTiles, layer: LayerId, { perCell }: Grid, pfn: number): number | undefined {
  const cell = Math.floor(pfn / perCell);
  const size = tileCells(perCell);
  const tile = tiles.tile(layer, perCell, Math.floor(cell / size));
  return tile && (tile.state[cell % size] ?? NOTHING);
}

/** Returns the number of rows between two labels: a power of two that leaves room for the text. */
export function labelStep(rowPx: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(LABEL_GAP_PX / rowPx)));
}
