/** Painting virtual memory: lines of bytes, lines for what is not there, and names of symbols beside them. */
import type { Range } from '../../lib/range';
import type { Peek } from '../../source/cached';
import { BYTES_PER_ROW, HEX_ROW_PX, type HexLayout } from '../shared/hex/hex-layout';
import { type HexPicture, paintLine } from '../shared/hex/hex-paint';
import type { Line } from './hex-rows';
import { paintHole } from './hole-paint';
import { paintName } from './row-names';
import type { LineNames } from './use-line-names';

interface Picture {
  readonly layout: HexLayout;
  readonly width: number;
  readonly shiftPx: number;
  /** Address of position 0. */
  readonly start: bigint;
  readonly inView: readonly (Line | undefined)[];
  readonly names: LineNames;
  readonly peek: (position: number, length: number) => Peek;
  /** Positions. */
  readonly selection: Range;
  readonly at: number;
  readonly focused: boolean;
  /** An address with all its digits. */
  readonly addressText: (va: bigint) => string;
}

/** Paints the lines in view. */
export function paintVirtual(context: CanvasRenderingContext2D, picture: Picture): void {
  const { layout, width, inView, names, at, focused, addressText } = picture;
  const bytes = hexPicture(picture);
  for (const [row, line] of inView.entries()) {
    const y = row * HEX_ROW_PX - picture.shiftPx;
    if (line?.kind === 'bytes') {
      paintLine(context, bytes, line.at, y);
      // What the cursor is in is named wherever it starts.
      const isCurrent = at >= line.at && at < line.at + BYTES_PER_ROW;
      const symbol = (isCurrent ? names.cursor : undefined) ?? names.beside[row];
      if (symbol !== undefined) paintName(context, symbol, y, { layout, width });
    } else if (line) {
      const current = line.kind === 'hole' && at >= line.at && at < line.at + line.length;
      paintHole(context, line, y, { layout, width, name: addressText, current, focused });
    }
  }
}

const hexPicture = ({ layout, start, peek, selection, at, focused, addressText }: Picture): HexPicture => ({
  layout,
  peek,
  selection,
  focused,
  label: (position) => addressText(start + BigInt(position)),
  // Lines of bytes are whole: each lies in a page.
  region: { start: 0, end: Number.MAX_SAFE_INTEGER },
  firstOffset: 0,
  rows: 0,
  shiftPx: 0,
  shadeAt: () => undefined,
  markAt: () => undefined,
  hovered: undefined,
  cursor: at,
});
