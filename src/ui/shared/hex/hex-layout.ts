/** Where things stand in a line of bytes: offset, sixteen cells in two halves, sixteen characters. CSS pixels. */

export const BYTES_PER_ROW = 16;
export const HEX_ROW_PX = 20;

export interface HexLayout {
  readonly digits: number;
  readonly offsetX: number;
  readonly cellsX: number;
  readonly cell: number;
  readonly middle: number;
  readonly charsX: number;
  readonly char: number;
  readonly font: string;
  readonly width: number;
}

/** Fits a line into `width`; `end` decides how many digits offsets need. */
export function hexLayout(width: number, end: number, fonts: { readonly mono: string }): HexLayout {
  const digits = Math.max(8, Math.max(0, end - 1).toString(16).length);
  const narrow = width < 540 + (digits - 8) * 7;
  const pad = narrow ? 8 : 12;
  const size = narrow ? 11 : 12;
  const digit = size * 0.605;
  const char = narrow ? 6.6 : 8;
  const middle = narrow ? 4 : 8;
  const cellsX = pad + digits * digit + (narrow ? 8 : 16);
  const gap = narrow ? 8 : 14;
  const room = width - cellsX - middle - gap - BYTES_PER_ROW * char - pad;
  const cell = Math.max(size * 1.25, Math.min(22, room / BYTES_PER_ROW));
  const charsX = cellsX + BYTES_PER_ROW * cell + middle + gap;
  return {
    digits,
    offsetX: pad,
    cellsX,
    cell,
    middle,
    charsX,
    char,
    font: `${size}px ${fonts.mono}`,
    width: charsX + BYTES_PER_ROW * char + pad,
  };
}

/** Returns the left edge of the cell of a column. */
export const cellX = (layout: HexLayout, column: number): number =>
  layout.cellsX + column * layout.cell + (column >= BYTES_PER_ROW / 2 ? layout.middle : 0);

/** Returns the column under a point, in the cells or the characters; undefined beside both. */
export function columnAt(layout: HexLayout, x: number): number | undefined {
  for (let column = 0; column < BYTES_PER_ROW; column++) {
    const left = cellX(layout, column);
    if (x >= left && x < left + layout.cell) return column;
    const chars = layout.charsX + column * layout.char;
    if (x >= chars && x < chars + layout.char) return column;
  }
  return undefined;
}
