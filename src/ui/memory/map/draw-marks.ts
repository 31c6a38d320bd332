/** What lies over and beside the cells: labels of rows, findings, the page under the pointer and the selected one. */
import { colour, drawText, monoFont } from '../../shared/canvas';
import { cellX, GUTTER_PX, LABEL_GAP_PX, labelStep, rowY, snap, type View } from './geometry';

/** Draws the PFNs of some rows, in hex, left of the cells; where rows are low, a line across the map goes with each. */
export function drawLabels(context: CanvasRenderingContext2D, view: View): void {
  const { grid, firstRow, rowsInView, pfns, width } = view;
  const step = labelStep(grid.rowPx);
  const digits = Math.max(4, (pfns - 1).toString(16).length);
  context.font = `11px ${monoFont()}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const [ink, ground] = [colour('--text-3'), colour('--surface')];
  for (let row = Math.ceil(firstRow / step) * step; row < firstRow + rowsInView; row += step) {
    const y = rowY(view, row);
    context.fillStyle = ink;
    const text = (row * grid.perRow).toString(16).padStart(digits, '0');
    drawText(context, text, GUTTER_PX - 8, Math.max(6, y + Math.min(grid.rowPx, 12) / 2));
    if (row === 0 || grid.rowPx >= LABEL_GAP_PX / 2) continue;
    context.fillStyle = ground;
    context.fillRect(GUTTER_PX, y, width - GUTTER_PX, 1);
  }
}

/** Draws the findings on the map: a frame around each page that one is about, and a dot where pages are small. */
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

/** Draws the selected page in a box with lines to both axes, the one under the pointer in a thinner box. */
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
