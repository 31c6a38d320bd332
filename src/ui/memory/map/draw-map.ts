/** Drawing the visible rows of the map: a picture of one pixel a cell, scaled; over it what a colour cannot say. */
import { NOTHING } from '../../../memory/map/layer';
import { clamp } from '../../../lib/range';
import { Inks } from './inks';
import { cellX, GUTTER_PX, rowY, snap, type View } from './geometry';
import { drawLabels } from './draw-marks';
import { type MapTiles, tileCells } from './tiles';

/** Cells of at least this size stand apart and show their shapes in full. */
const LARGE_PX = 6;
/** State of cells that are on their way. */
const UNKNOWN = 0xfd;

/** States of all cells in view, row by row. */
function statesOf(tiles: MapTiles, { grid, layer, pfns, firstRow, rowsInView }: View): Uint8Array {
  const { columns, perCell } = grid;
  const size = tileCells(perCell);
  const first = firstRow * columns;
  const end = Math.min(rowsInView * columns, Math.ceil(pfns / perCell) - first);
  const states = new Uint8Array(rowsInView * columns).fill(NOTHING);
  for (let done = 0; done < end;) {
    const cell = first + done;
    const at = cell % size;
    const count = Math.min(end - done, size - at);
    const tile = tiles.tile(layer.id, perCell, Math.floor(cell / size));
    const known = tile?.state.subarray(at, at + count) ?? tiles.guess(layer.id, perCell, cell, count);
    if (known) states.set(known, done);
    else states.fill(UNKNOWN, done, done + count);
    done += count;
  }
  return states;
}

let small: { readonly canvas: HTMLCanvasElement; image: ImageData } | undefined;

/** The picture of one pixel a cell. */
function raster(states: Uint8Array, columns: number, rows: number, inks: Inks): HTMLCanvasElement | undefined {
  small ??= { canvas: document.createElement('canvas'), image: new ImageData(1, 1) };
  const { canvas } = small;
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    small.image = new ImageData(columns, rows);
  }
  const { image } = small;
  const pixels = new Uint32Array(image.data.buffer);
  const colours = inks.pixels.slice();
  colours[UNKNOWN] = inks.unknown;
  for (let at = 0; at < states.length; at++) pixels[at] = colours[states[at] ?? NOTHING] ?? 0;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Draws the rows of the map that are in view: the cells, the shapes that tell more than a colour, and the labels of the
 * rows.
 */
export function drawMap(context: CanvasRenderingContext2D, view: View, tiles: MapTiles): void {
  const { grid, firstRow, rowsInView, width } = view;
  const { columns } = grid;
  if (rowsInView === 0) return;
  const inks = new Inks(context, view.entries);
  const states = statesOf(tiles, view);
  const picture = raster(states, columns, rowsInView, inks);
  const [top, bottom] = [rowY(view, firstRow), rowY(view, firstRow + rowsInView)];
  context.imageSmoothingEnabled = false;
  if (picture) context.drawImage(picture, GUTTER_PX, top, width - GUTTER_PX, bottom - top);
  const xs = Float64Array.from({ length: columns + 1 }, (_, column) => cellX(view, column));
  const large = (xs[1] ?? 0) - (xs[0] ?? 0) >= LARGE_PX;
  if (large) drawGaps(context, view, xs, inks);
  const gap = large ? 1 : 0;
  for (let row = 0; row < rowsInView; row++) {
    const y = rowY(view, firstRow + row);
    const height = rowY(view, firstRow + row + 1) - y - gap;
    for (let from = 0; from < columns;) {
      const state = states[row * columns + from] ?? NOTHING;
      let to = from + 1;
      if (!large) while (to < columns && states[row * columns + to] === state) to++;
      if (state !== UNKNOWN && state !== NOTHING) {
        const { drawn } = inks.of(state);
        if (drawn) drawRun(context, inks, state, { xs, from, to, y, height, gap });
      }
      from = to;
    }
  }
  drawLabels(context, view);
}

/** Lines of ground between large cells. */
function drawGaps(context: CanvasRenderingContext2D, view: View, xs: Float64Array, { ground }: Inks): void {
  const { firstRow, rowsInView, width, height } = view;
  context.fillStyle = ground;
  for (const x of xs) context.fillRect(x - 1, 0, 1, height);
  for (let row = firstRow; row <= firstRow + rowsInView; row++)
    context.fillRect(GUTTER_PX, rowY(view, row) - 1, width - GUTTER_PX, 1);
}

/** Cells of one state that lie side by side, or one cell where cells are large. */
interface Run {
  readonly xs: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly height: number;
  readonly gap: number;
}

function drawRun(context: CanvasRenderingContext2D, inks: Inks, state: number, run: Run): void {
  const { fill, line, shape } = inks.of(state);
  const x = run.xs[run.from] ?? 0;
  const width = (run.xs[run.to] ?? 0) - x - run.gap;
  if (shape === 'hatch' || shape === 'outline') {
    context.fillStyle = fill;
    context.fillRect(x, run.y, width, run.height);
  }
  if (line !== undefined) {
    context.strokeStyle = line;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, run.y + 0.5, Math.max(0, width - 1), Math.max(0, run.height - 1));
  }
  if (shape === 'pinned' || shape === 'cross') drawShapes(context, inks, shape, run);
}

const dotPx = (cellPx: number): number => clamp(Math.floor(cellPx / 2.5), 1, 8);

/** Dots on pinned pages, crosses on broken ones: one for each page. */
function drawShapes(context: CanvasRenderingContext2D, inks: Inks, shape: 'pinned' | 'cross', run: Run): void {
  const { xs, from, to, y, height } = run;
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
