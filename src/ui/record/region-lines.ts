/** Lines of a range of the file, sixteen bytes each. Positions are file offsets. */
import { clamp, type Range } from '../../lib/range';
import { BYTES_PER_ROW } from '../shared/hex/hex-layout';
import type { HexLines } from '../shared/hex/hex-pane';

const lineOf = (offset: number): number => Math.floor(offset / BYTES_PER_ROW);

/** Returns the lines of a range; the first and the last may be filled in part only. */
export function regionLines({ start, end }: Range): HexLines & { readonly firstLine: number } {
  const firstLine = lineOf(start);
  const last = Math.max(start, end - 1);
  const moves = (at: number, page: number, isCtrl: boolean): Readonly<Record<string, number>> => {
    const column = at % BYTES_PER_ROW;
    return {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - BYTES_PER_ROW,
      ArrowDown: at + BYTES_PER_ROW,
      PageUp: at - page,
      PageDown: at + page,
      Home: isCtrl ? start : at - column,
      End: isCtrl ? last : at - column + BYTES_PER_ROW - 1,
    };
  };
  return {
    firstLine,
    count: end > start ? lineOf(last) - firstLine + 1 : 0,
    lineOf: (at) => (at >= start && at < end ? lineOf(at) - firstLine : -1),
    positionAt: (line, column) => {
      if (column === undefined) return undefined;
      const at = (firstLine + line) * BYTES_PER_ROW + column;
      return at >= start && at < end ? at : undefined;
    },
    target: (at, { key, ctrlKey, metaKey }, linesInView) => {
      const wanted = moves(at, linesInView * BYTES_PER_ROW, ctrlKey || metaKey)[key];
      return wanted === undefined ? undefined : clamp(wanted, start, last);
    },
  };
}
