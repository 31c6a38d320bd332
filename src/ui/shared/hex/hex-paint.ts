/** Painting lines of bytes. */
import { hex, isPrintable } from '../../../lib/text';
import type { Range } from '../../../lib/range';
import type { Peek } from '../../../source/cached';
import { colour, drawText, hatch } from '../canvas';
import { BYTES_PER_ROW, cellX, HEX_ROW_PX, type HexLayout } from './hex-layout';

/** Field under a byte, as far as painting needs it. */
export interface Shade {
  readonly end: number;
  readonly parity: number;
}

export interface HexPicture {
  readonly layout: HexLayout;
  /** What stands before a line; its offset in hex if not given. */
  readonly label?: (lineStart: number) => string;
  readonly region: Range;
  /** File offset of the first line, a multiple of 16. */
  readonly firstOffset: number;
  readonly rows: number;
  readonly shiftPx: number;
  readonly peek: (offset: number, length: number) => Peek;
  readonly shadeAt: (offset: number) => Shade | undefined;
  readonly selection: Range | undefined;
  /** Severity of the finding that a byte shows, if any. */
  readonly markAt: (offset: number) => 'fatal' | 'warning' | undefined;
  readonly hovered: Range | undefined;
  readonly cursor: number | undefined;
  readonly focused: boolean;
}

const within = (range: Range | undefined, offset: number): boolean =>
  range !== undefined && offset >= range.start && offset < range.end;

/** Draws the lines of bytes in view, each with its label, its bytes in hex and as characters. */
export function paintHex(context: CanvasRenderingContext2D, picture: HexPicture): void {
  for (let row = 0; row < picture.rows; row++)
    paintLine(context, picture, picture.firstOffset + row * BYTES_PER_ROW, row * HEX_ROW_PX - picture.shiftPx);
}

/** Paints one line, as far as it lies in the region; `y` is its upper edge. */
export function paintLine(context: CanvasRenderingContext2D, picture: HexPicture, lineStart: number, y: number): void {
  const start = Math.max(lineStart, picture.region.start);
  const end = Math.min(lineStart + BYTES_PER_ROW, picture.region.end);
  if (end <= start) return;
  context.textBaseline = 'middle';
  paintOffset(context, picture, lineStart, y);
  const peek = picture.peek(start, end - start);
  if (peek.state !== 'ready') {
    paintMissing(context, picture, start, end, y, peek);
    return;
  }
  let shade: Shade | undefined;
  for (let offset = start; offset < end; offset++) {
    if (!shade || offset >= shade.end) shade = picture.shadeAt(offset);
    paintByte(context, picture, offset, peek.bytes[offset - start] ?? 0, y, shade);
  }
}

function paintOffset(
  context: CanvasRenderingContext2D,
  { layout, selection, label }: HexPicture,
  lineStart: number,
  y: number,
): void {
  const current = selection !== undefined && selection.start < lineStart + BYTES_PER_ROW && selection.end > lineStart;
  context.font = layout.font;
  context.textAlign = 'left';
  context.fillStyle = colour(current ? '--accent' : '--text-3');
  drawText(context, label?.(lineStart) ?? hex(lineStart, layout.digits), layout.offsetX, y + HEX_ROW_PX / 2);
}

function paintByte(
  context: CanvasRenderingContext2D,
  picture: HexPicture,
  offset: number,
  byte: number,
  y: number,
  shade: Shade | undefined,
): void {
  const { layout, selection, hovered, cursor } = picture;
  const column = offset % BYTES_PER_ROW;
  const x = cellX(layout, column);
  const charX = layout.charsX + column * layout.char;
  const selected = within(selection, offset);
  const mark = picture.markAt(offset);
  // Guilty bytes stay so when they are selected: the selection then shows in the address and the inspector.
  const fill =
    mark === 'fatal'
      ? '--fatal'
      : selected
        ? '--accent'
        : within(hovered, offset)
          ? '--accent-soft'
          : mark === 'warning'
            ? '--warn-soft'
            : shade
              ? shade.parity === 0
                ? '--hex-a'
                : '--hex-b'
              : undefined;
  if (fill !== undefined) {
    context.fillStyle = colour(fill);
    // A field that spans the middle gap fills it too, so that it reads as one.
    const bridges =
      column === BYTES_PER_ROW / 2 - 1 &&
      (selected
        ? within(selection, offset + 1)
        : within(hovered, offset)
          ? within(hovered, offset + 1)
          : shade !== undefined && shade.end > offset + 1);
    context.fillRect(x, y, layout.cell + (bridges ? layout.middle : 0) + 0.5, HEX_ROW_PX);
    if (selected || mark !== undefined || within(hovered, offset))
      context.fillRect(charX, y, layout.char + 0.5, HEX_ROW_PX);
  }
  if (mark !== undefined) {
    // A line below tells marked bytes without colour.
    context.fillStyle = colour(mark === 'fatal' ? '--fatal' : '--warn');
    context.fillRect(x, y + HEX_ROW_PX - 2, layout.cell, 2);
  }
  const onDark = mark === 'fatal' ? '--surface' : selected ? '--on-accent' : undefined;
  context.font = layout.font;
  context.textAlign = 'center';
  context.fillStyle = colour(onDark ?? (byte === 0 ? '--hex-zero' : '--text'));
  drawText(context, hex(byte, 2), x + layout.cell / 2, y + HEX_ROW_PX / 2);
  context.fillStyle = colour(onDark ?? (isPrintable(byte) ? '--text-2' : '--text-3'));
  drawText(context, isPrintable(byte) ? String.fromCharCode(byte) : '·', charX + layout.char / 2, y + HEX_ROW_PX / 2);
  if (cursor === offset && picture.focused) {
    context.strokeStyle = colour('--focus');
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, layout.cell - 2, HEX_ROW_PX - 2);
  }
}

/** Bytes on their way are grey bars in their places; bytes that cannot be read are hatched and named. Never zeros. */
function paintMissing(
  context: CanvasRenderingContext2D,
  { layout }: HexPicture,
  start: number,
  end: number,
  y: number,
  peek: Peek,
): void {
  const from = cellX(layout, start % BYTES_PER_ROW);
  const to = cellX(layout, (end - 1) % BYTES_PER_ROW) + layout.cell;
  if (peek.state === 'loading') {
    context.fillStyle = colour('--surface-3');
    context.fillRect(from + 2, y + 6, to - from - 4, HEX_ROW_PX - 12);
    return;
  }
  hatch(context, from, y + 3, to - from, HEX_ROW_PX - 6, '--fatal');
  context.font = layout.font;
  context.textAlign = 'left';
  context.fillStyle = colour('--fatal');
  drawText(context, 'not readable', layout.charsX, y + HEX_ROW_PX / 2);
}
