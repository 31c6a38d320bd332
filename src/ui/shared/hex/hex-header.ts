/** The line above the bytes: what each column counts. */
import { hex } from '../../../lib/text';
import { colour, drawText } from '../canvas';
import { BYTES_PER_ROW, cellX, type HexLayout } from './hex-layout';

/** Height of the line, CSS pixels. */
export const HEX_HEADER_PX = 24;

/** Paints the line; `counts` says what stands before each line of bytes. */
export function paintHexHeader(
  context: CanvasRenderingContext2D,
  layout: HexLayout,
  counts: 'offset' | 'address',
): void {
  context.font = layout.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = colour('--text-3');
  drawText(context, counts, layout.offsetX, HEX_HEADER_PX / 2);
  context.textAlign = 'center';
  for (let column = 0; column < BYTES_PER_ROW; column++) {
    drawText(context, hex(column, 2), cellX(layout, column) + layout.cell / 2, HEX_HEADER_PX / 2);
  }
}
