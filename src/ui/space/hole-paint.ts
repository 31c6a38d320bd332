/** Lines without bytes: where it is, how long, and why there is nothing. Never zeros. */
import { memorySize } from '../../lib/text';
import { HEX_ROW_PX, type HexLayout } from '../shared/hex/hex-layout';
import { colour, drawText, hatch } from '../shared/canvas';
import type { Line } from './hex-rows';

interface Drawn {
  readonly layout: HexLayout;
  readonly width: number;
  /** An address with all its digits. */
  readonly name: (va: bigint) => string;
  readonly current: boolean;
  readonly focused: boolean;
}

const HATCH_PX = 40;

/**
 * Draws a line that stands for no bytes: a hole with its size and why nothing is there, or where memory goes on. `y` is
 * its upper edge, in pixels.
 */
export function paintHole(
  context: CanvasRenderingContext2D,
  line: Exclude<Line, { kind: 'bytes' }>,
  y: number,
  { layout, width, name, current, focused }: Drawn,
): void {
  const middle = y + HEX_ROW_PX / 2;
  context.font = layout.font;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  if (current) {
    context.fillStyle = colour('--accent-soft');
    context.fillRect(0, y, width, HEX_ROW_PX);
  }
  if (line.kind !== 'hole') {
    context.fillStyle = colour('--accent');
    drawText(
      context,
      `${name(line.to)} ${line.kind === 'before' ? '↑ goes on before' : '↓ goes on here'}`,
      layout.offsetX,
      middle,
    );
    return;
  }
  context.fillStyle = colour(current ? '--accent' : '--text-3');
  drawText(context, name(line.from), layout.offsetX, middle);
  hatch(context, layout.cellsX + 2, y + 5, HATCH_PX, HEX_ROW_PX - 10, '--line-2');
  context.fillStyle = colour('--text-2');
  const text = `${memorySize(line.whole)}: ${line.reason}`;
  drawText(context, text, layout.cellsX + HATCH_PX + 10, middle, Math.max(40, width - layout.cellsX - HATCH_PX - 14));
  if (current && focused) {
    context.strokeStyle = colour('--focus');
    context.lineWidth = 2;
    context.strokeRect(1, y + 1, width - 2, HEX_ROW_PX - 2);
  }
}
