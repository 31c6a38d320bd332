/** Drawing the visible rows of the map, and the marks over it. */
import { clamp } from '../../lib/range';
import { NEVER_SENT } from '../../memory/page-map';
import { colour } from '../shared/canvas';
import { Inks, NO_CONTENT } from './inks';
import { cellX, GUTTER_PX, LABEL_GAP_PX, labelStep, rowY, snap, type View } from './map-geometry';
import { type MapTiles, tileCells } from './map-tiles';
import { type Shape, sendStep } from './page-types';

/** Cells of at least this size stand apart and show their shapes in full. */
const LARGE_PX = 6;

/** What cells show: page type or step of sends; these where there is nothing, where it is not known yet, past the row. */
const NOTHING = -1;
const UNKNOWN = -2;
const PAST = -3;

/** The states of a row's cells. */
function rowStates(tiles: MapTiles, { grid, layer, pfns }: View, row: number, states: Int16Array): void {
  const { columns, perCell } = grid;
  const size = tileCells(perCell);
  const first = row * columns;
  const end = Math.min(columns, Math.ceil(pfns / perCell) - first);
  states.fill(NOTHING);
  for (let column = 0; column < end;) {
    const cell = first + column;
    const tile = tiles.tile(perCell, Math.floor(cell / size));
    const at = cell % size;
    const count = Math.min(end - column, size - at);
    for (let step = 0; step < count; step++) {
      const type = tile?.type[at + step] ?? NEVER_SENT;
      if (!tile) states[column + step] = UNKNOWN;
      else if (type === NEVER_SENT) continue;
      else if (layer === 'type') states[column + step] = type;
      else states[column + step] = (tile.sends[at + step] ?? 0) > 0 ? sendStep(tile.sends[at + step] ?? 0) : NO_CONTENT;
    }
    column += count;
  }
}

export function drawMap(context: CanvasRenderingContext2D, view: View, tiles: MapTiles): void {
  const { grid, firstRow, rowsInView, layer } = view;
  const { columns } = grid;
  const inks = new Inks(context, layer);
  const xs = Float64Array.from({ length: columns + 1 }, (_, column) => cellX(view, column));
  const large = (xs[1] ?? 0) - (xs[0] ?? 0) >= LARGE_PX;
  const gap = large ? 1 : 0;
  const states = new Int16Array(columns);
  for (let row = firstRow; row < firstRow + rowsInView; row++) {
    const y = rowY(view, row);
    const height = rowY(view, row + 1) - y - gap;
    rowStates(tiles, view, row, states);
    let from = 0;
    for (let column = 1; column <= columns; column++) {
      const state = states[from] ?? NOTHING;
      const next = column === columns ? PAST : (states[column] ?? NOTHING);
      if (next === state && !large) continue;
      const x = xs[from] ?? 0;
      if (state !== NOTHING) drawRun(context, inks, state, x, y, (xs[column] ?? 0) - x - gap, height);
      if (state >= 0 && layer === 'type') drawShapes(context, inks, inks.of(state).shape, xs, from, column, y, height);
      from = column;
    }
  }
  drawLabels(context, view);
}

/** Cells of one state that lie side by side, or one cell where cells are large. */
function drawRun(
  context: CanvasRenderingContext2D,
  inks: Inks,
  state: number,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (state === UNKNOWN) {
    context.fillStyle = inks.unknown;
    context.fillRect(x, y, width, height);
    return;
  }
  const { fill, line } = inks.of(state);
  context.fillStyle = fill;
  context.fillRect(x, y, width, height);
  if (line === undefined) return;
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), Math.max(0, height - 1));
}

const dotPx = (cellPx: number): number => clamp(Math.floor(cellPx / 2.5), 1, 8);

/** Dots on pinned pages, crosses on broken ones: one for each page. */
function drawShapes(
  context: CanvasRenderingContext2D,
  inks: Inks,
  shape: Shape,
  xs: Float64Array,
  from: number,
  to: number,
  y: number,
  height: number,
): void {
  if (shape !== 'pinned' && shape !== 'cross') return;
  context.fillStyle = inks.ground;
  context.strokeStyle = inks.ground;
  for (let column = from; column < to; column++) {
    const x = xs[column] ?? 0;
    const width = (xs[column + 1] ?? 0) - x;
    if (shape === 'pinned') {
      const [w, h] = [dotPx(width), dotPx(height)];
      context.fillRect(snap(x + (width - w) / 2), snap(y + (height - h) / 2), w, h);
    } else if (width >= LARGE_PX) {
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(x + 2, y + 2);
      context.lineTo(x + width - 2, y + height - 2);
      context.moveTo(x + width - 2, y + 2);
      context.lineTo(x + 2, y + height - 2);
      context.stroke();
    }
  }
}

function drawLabels(context: CanvasRenderingContext2D, view: View): void {
  const { grid, firstRow, rowsInView, pfns, width } = view;
  const step = labelStep(grid.rowPx);
  const digits = Math.max(4, (pfns - 1).toString(16).length);
  context.font = `11px ${getComputedStyle(document.body).getPropertyValue('--font-mono')}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const [ink, ground] = [colour('--text-3'), colour('--surface')];
  for (let row = Math.ceil(firstRow / step) * step; row < firstRow + rowsInView; row += step) {
    const y = rowY(view, row);
    context.fillStyle = ink;
    const text = (row * grid.perRow).toString(16).padStart(digits, '0');
    context.fillText(text, GUTTER_PX - 8, Math.max(6, y + Math.min(grid.rowPx, 12) / 2));
    if (row === 0 || grid.rowPx >= LABEL_GAP_PX / 2) continue;
    context.fillStyle = ground;
    context.fillRect(GUTTER_PX, y, width - GUTTER_PX, 1);
  }
}

/** Findings on the map: a frame around each page that one is about, and a dot where pages are small. */
export function drawFindings(
  context: CanvasRenderingContext2D,
  view: View,
  marked: readonly (readonly [pfn: number, severity: 'fatal' | 'warning'])[],
): void {
  const drawn = new Set<number>();
  for (const [pfn, severity] of marked) {
    if (pfn >= view.pfns) continue;
    const cell = Math.floor(pfn / view.grid.perCell);
    if (drawn.has(cell)) continue;
    drawn.add(cell);
    const x = cellX(view, cell % view.grid.columns);
    const y = rowY(view, Math.floor(cell / view.grid.columns));
    const width = Math.max(5, cellX(view, (cell % view.grid.columns) + 1) - x);
    const height = Math.max(5, view.grid.rowPx);
    if (y < -height || y > view.height) continue;
    context.strokeStyle = colour(severity === 'fatal' ? '--fatal' : '--warn');
    context.lineWidth = 2;
    context.strokeRect(x - 2, Math.max(1, y - 2), width + 4, height + 4);
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
    const top = Math.max(1, y - out);
    context.strokeRect(x - out, top, width + 2 * out, y + height + out - top);
  }
}
