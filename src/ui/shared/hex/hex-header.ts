/** The line above the bytes: what each column counts. */
import { hex } from '../../../lib/text';
import { colour, prepare } from '../canvas';
import { BYTES_PER_ROW, cellX, type HexLayout } from './hex-layout';

const HEIGHT = 24;

export function hexHeader(canvas: HTMLCanvasElement, layout: HexLayout, width: number, counts = 'offset'): void {
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  const context = prepare(canvas, width, HEIGHT);
  if (!context) return;
  context.font = layout.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = colour('--text-3');
  context.fillText(counts, layout.offsetX, HEIGHT / 2);
  context.textAlign = 'center';
  for (let column = 0; column < BYTES_PER_ROW; column++) {
    context.fillText(hex(column, 2), cellX(layout, column) + layout.cell / 2, HEIGHT / 2);
  }
}
