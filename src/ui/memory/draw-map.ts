/** Drawing the visible rows of the map, and the marks over it. */
import { clamp } from '../../lib/range';
import { NEVER_SENT } from '../../memory/page-map';
import { colour } from '../shared/canvas';
import type { MapTiles } from './map-tiles';
import { tileCells } from './map-tiles';
import { pageLook, SEND_STEPS, sendStep } from './page-types';
import type { MapLayer } from './view';
import type { Grid } from './zoom';

/** Left of the cells: room for the PFNs of the rows. */
export const GUTTER_PX = 76;
export const RIGHT_PX = 12;
export const MAP_MARGIN_PX = GUTTER_PX + RIGHT_PX;
/** Cells of at least this size stand apart and show their shapes in full. */
const LARGE_PX = 6;
const LABEL_GAP_PX = 44;

export interface View {
  readonly grid: Grid;
  readonly pfns: number;
  readonly layer: MapLayer;
  /** To the right end of the cells. */
  readonly width: number;
  readonly height: number;
  readonly firstRow: number;
  readonly shiftPx: number;
  readonly rowsInView: number;
}

const snap = (value: number): number => Math.round(value * devicePixelRatio) / devicePixelRatio;

export const cellX = ({ grid, width }: View, column: number): number =>
  snap(GUTTER_PX + (column * (width - GUTTER_PX)) / grid.columns);
export const rowY = ({ grid, firstRow, shiftPx }: View, row: number): number =>
  snap((row - firstRow) * grid.rowPx - shiftPx);

/** The page under a point of the view; undefined beside the cells. */
export function pfnAt(view: View, x: number, y: number): number | undefined {
  const { grid, pfns, width, firstRow, shiftPx } = view;
  const column = Math.floor(((x - GUTTER_PX) * grid.columns) / (width - GUTTER_PX));
  const row = firstRow + Math.floor((y + shiftPx) / grid.rowPx);
  const pfn = row * grid.perRow + column * grid.perCell;
  return column < 0 || column >= grid.columns || row < 0 || pfn >= pfns ? undefined : pfn;
}

/** Type and sends of the cell that holds `pfn`; undefined while not known. */
export function cellAt(tiles: MapTiles, { perCell }: Grid, pfn: number): { type: number; sends: number } | undefined {
  const cell = Math.floor(pfn / perCell);
  const size = tileCells(perCell);
  const tile = tiles.tile(perCell, Math.floor(cell / size));
  return tile && { type: tile.type[cell % size] ?? NEVER_SENT, sends: tile.sends[cell % size] ?? 0 };
}

/** Rows between two labels: a power of two that leaves room for the text. */
export function labelStep(rowPx: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(LABEL_GAP_PX / rowPx)));
}

const patterns = new Map<string, CanvasPattern>();

/** Diagonal lines in one phase over the whole canvas, so that they run on from row to row. */
function hatching(context: CanvasRenderingContext2D, token: string): CanvasPattern | string {
  const ink = colour(token);
  const known = patterns.get(ink);
  if (known) return known;
  const tile = document.createElement('canvas');
  tile.width = 5;
  tile.height = 5;
  const pen = tile.getContext('2d');
  if (!pen) return ink;
  pen.fillStyle = ink;
  for (let at = 0; at < 5; at++) pen.fillRect(at, 4 - at, 1, 1);
  const made = context.createPattern(tile, 'repeat');
  if (made) patterns.set(ink, made);
  return made ?? ink;
}

/** Cells of one state that lie side by side, or one cell where cells are large. */
function drawCells(context: CanvasRenderingContext2D, state: number, layer: MapLayer, box: DOMRectReadOnly): void {
  const { x, y, width, height } = box;
  if (layer === 'sends') {
    context.fillStyle = colour(SEND_STEPS[state]?.colour ?? '--p-notab');
    context.fillRect(x, y, width, height);
    return;
  }
  const { colour: token, shape } = pageLook(state);
  if (shape === 'hatch') context.fillStyle = hatching(context, token);
  else context.fillStyle = shape === 'outline' ? colour('--surface') : colour(token);
  context.fillRect(x, y, width, height);
  if (shape === 'outline') {
    context.strokeStyle = colour(token);
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), Math.max(0, height - 1));
  }
}

const dotPx = (cellPx: number): number => clamp(Math.floor(cellPx / 2.5), 1, 8);

function drawShape(context: CanvasRenderingContext2D, state: number, box: DOMRectReadOnly): void {
  const { shape } = pageLook(state);
  const { x, y, width, height } = box;
  if (shape === 'pinned') {
    const [w, h] = [dotPx(width), dotPx(height)];
    context.fillStyle = colour('--surface');
    context.fillRect(snap(x + (width - w) / 2), snap(y + (height - h) / 2), w, h);
  } else if (shape === 'cross' && width >= LARGE_PX) {
    context.strokeStyle = colour('--surface');
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x + 2, y + 2);
    context.lineTo(x + width - 2, y + height - 2);
    context.moveTo(x + width - 2, y + 2);
    context.lineTo(x + 2, y + height - 2);
    context.stroke();
  }
}

/** State of a cell as it is drawn: page type or step of sends; −1 nothing there, −2 not known yet. */
function stateOf(tiles: MapTiles, { grid, layer, pfns }: View, cell: number): number {
  if (cell * grid.perCell >= pfns) return -1;
  const size = tileCells(grid.perCell);
  const tile = tiles.tile(grid.perCell, Math.floor(cell / size));
  if (!tile) return -2;
  if (layer === 'sends') return sendStep(tile.sends[cell % size] ?? 0);
  const type = tile.type[cell % size] ?? NEVER_SENT;
  return type === NEVER_SENT ? -1 : type;
}

export function drawMap(context: CanvasRenderingContext2D, view: View, tiles: MapTiles): void {
  const { grid, firstRow, rowsInView, layer } = view;
  const large = cellX(view, 1) - cellX(view, 0) >= LARGE_PX;
  const gap = large ? 1 : 0;
  for (let row = firstRow; row < firstRow + rowsInView; row++) {
    const y = rowY(view, row);
    const height = rowY(view, row + 1) - y - gap;
    let from = 0;
    let state = stateOf(tiles, view, row * grid.columns);
    for (let column = 1; column <= grid.columns; column++) {
      const next = column === grid.columns ? -3 : stateOf(tiles, view, row * grid.columns + column);
      if (next === state && !large) continue;
      const x = cellX(view, from);
      const box = new DOMRectReadOnly(x, y, cellX(view, column) - x - gap, height);
      if (state === -2) {
        context.fillStyle = colour('--surface-3');
        context.fillRect(x, y, box.width, height);
      } else if (state >= 0) {
        drawCells(context, state, layer, box);
        if (layer === 'type' && pageLook(state).shape !== 'fill') drawDots(context, view, state, box, from, column);
      }
      from = column;
      state = next;
    }
  }
  drawLabels(context, view);
}

/** A run of pinned pages gets a dot for each. */
function drawDots(
  context: CanvasRenderingContext2D,
  view: View,
  state: number,
  { y, height }: DOMRectReadOnly,
  from: number,
  to: number,
): void {
  for (let column = from; column < to; column++) {
    const x = cellX(view, column);
    drawShape(context, state, new DOMRectReadOnly(x, y, cellX(view, column + 1) - x, height));
  }
}

function drawLabels(context: CanvasRenderingContext2D, view: View): void {
  const { grid, firstRow, rowsInView, pfns, width } = view;
  const step = labelStep(grid.rowPx);
  const digits = Math.max(4, (pfns - 1).toString(16).length);
  context.font = `11px ${getComputedStyle(document.body).getPropertyValue('--font-mono')}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let row = Math.ceil(firstRow / step) * step; row < firstRow + rowsInView; row += step) {
    const y = rowY(view, row);
    context.fillStyle = colour('--text-3');
    const text = (row * grid.perRow).toString(16).padStart(digits, '0');
    context.fillText(text, GUTTER_PX - 8, Math.max(6, y + Math.min(grid.rowPx, 12) / 2));
    if (row === 0 || grid.rowPx >= LABEL_GAP_PX / 2) continue;
    context.fillStyle = colour('--surface');
    context.fillRect(GUTTER_PX, y, width - GUTTER_PX, 1);
  }
}

/** The selected page in a box with lines to both axes, the one under the pointer in a thinner box. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  view: View,
  selected: number | undefined,
  hovered: number | undefined,
): void {
  for (const [pfn, strong] of [
    [hovered, false],
    [selected, true],
  ] as const) {
    if (pfn === undefined || pfn >= view.pfns) continue;
    const cell = Math.floor(pfn / view.grid.perCell);
    const column = cell % view.grid.columns;
    const x = cellX(view, column);
    const y = rowY(view, Math.floor(cell / view.grid.columns));
    const width = cellX(view, column + 1) - x;
    const height = view.grid.rowPx;
    if (y < -height || y > view.height) continue;
    context.strokeStyle = colour(strong ? '--accent' : '--text');
    if (strong) {
      context.globalAlpha = 0.55;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(GUTTER_PX, snap(y + height / 2));
      context.lineTo(x - 3, snap(y + height / 2));
      context.moveTo(snap(x + width / 2), 0);
      context.lineTo(snap(x + width / 2), y - 3);
      context.stroke();
      context.globalAlpha = 1;
    }
    const out = strong ? 3 : 1.5;
    context.lineWidth = strong ? 2 : 1;
    context.strokeRect(x - out, y - out, width + 2 * out, height + 2 * out);
  }
}
