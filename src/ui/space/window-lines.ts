/** Lines of a window on linear memory: where pointer and keys lead. Holes are crossed in one step. */
import { PAGE_SIZE } from '../../format/page';
import { BYTES_PER_ROW } from '../shared/hex/hex-layout';
import type { HexKey, HexLines } from '../shared/hex/hex-pane';
import type { HexRows, Line } from './hex-rows';

/** No lines, as long as it is not known what is there. */
export const NO_LINES: HexLines = {
  count: 0,
  lineOf: () => -1,
  positionAt: () => undefined,
  target: () => undefined,
};

/** Returns the lines of a window. Positions are bytes from its start; one outside of it leads to where memory goes on. */
export const windowLines = (rows: HexRows): HexLines => ({
  count: rows.count,
  lineOf: (at) => rows.rowAt(at),
  positionAt: (row, column, isDrag) => {
    const line = rows.line(row);
    // A drag takes bytes only: it does not leave for where memory goes on.
    return line === undefined || (isDrag && line.kind !== 'bytes') ? undefined : clicked(line, column);
  },
  target: (at, key, linesInView) => keyTarget(rows, at, key, linesInView),
});

/** The position that a click on a line means. */
function clicked(line: Line, column: number | undefined): number {
  if (line.kind === 'bytes') return line.at + (column ?? 0);
  return line.kind === 'before' ? line.at - 1 : line.at;
}

/** The position that a key leads to, which may lie outside of the window; undefined for other keys. */
function keyTarget(
  rows: HexRows,
  at: number,
  { key, ctrlKey, metaKey }: HexKey,
  linesInView: number,
): number | undefined {
  const column = ((at % BYTES_PER_ROW) + BYTES_PER_ROW) % BYTES_PER_ROW;
  const ctrl = ctrlKey || metaKey;
  const hole = rows.holeAt(at);
  const behind = hole ? hole.at + hole.length : undefined;
  const before = hole ? hole.at - 1 : undefined;
  switch (key) {
    case 'ArrowLeft':
      return entered(rows, before ?? at - 1);
    case 'ArrowRight':
      return behind ?? at + 1;
    case 'ArrowUp':
      return entered(rows, before === undefined ? at - BYTES_PER_ROW : before + 1 - BYTES_PER_ROW + column);
    case 'ArrowDown':
      return behind === undefined ? at + BYTES_PER_ROW : behind + column;
    case 'PageUp':
      return paged(rows, at, -linesInView);
    case 'PageDown':
      return paged(rows, at, linesInView);
    case 'Home':
      return ctrl ? 0 : at - column;
    case 'End':
      return ctrl ? rows.window.pages * PAGE_SIZE - 1 : hole ? at : at - column + BYTES_PER_ROW - 1;
    default:
      return undefined;
  }
}

/** A hole is entered at its start, whichever way one comes. */
const entered = (rows: HexRows, at: number): number => rows.holeAt(at)?.at ?? at;

/** So many lines on, each hole being one. */
function paged(rows: HexRows, at: number, lines: number): number {
  const wanted = rows.rowAt(at) + lines;
  const line = rows.line(Math.max(0, Math.min(rows.count - 1, wanted)));
  if (!line) return at;
  if (line.kind === 'before') return -1;
  if (line.kind === 'bytes') return line.at + (at % BYTES_PER_ROW);
  return line.at;
}
