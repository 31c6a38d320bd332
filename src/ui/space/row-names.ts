/** Names beside lines of virtual memory: each where it starts, and on the first line what goes on there. */
import { HEX_ROW_PX, type HexLayout } from '../shared/hex/hex-layout';
import { colour, drawText } from '../shared/canvas';

/** Room kept for names, where the lines still have enough; and what a name needs to be worth drawing. */
const KEPT_PX = 128;
const LINES_PX = 540;
const LEAST_PX = 72;
const GAP_PX = 4;

/** Returns the width left for lines of bytes in a view of `width`. */
export const besideNames = (width: number, named: boolean): number =>
  named && width - KEPT_PX >= LINES_PX ? width - KEPT_PX : width;

const bare = (name: string): string => name.replace(/\+0x[\da-f]+$/u, '');

/**
 * Returns what stands beside each line, by what the last byte of each is called, and the first byte of the first; undefined for
 * lines in the middle of something, and for what has no name.
 */
export function rowNames(names: readonly (string | undefined)[], first?: string): (string | undefined)[] {
  let before: string | undefined;
  return names.map((name, row) => {
    const own = name === undefined ? undefined : bare(name);
    const starts = own !== undefined && own !== before;
    before = own;
    if (!starts) return undefined;
    return row === 0 && first !== undefined && bare(first) === own ? first : own;
  });
}

/** Paints the name beside a line of bytes. `y` is the upper edge of the line. */
export function paintName(
  context: CanvasRenderingContext2D,
  name: string,
  y: number,
  { layout, width }: { readonly layout: HexLayout; readonly width: number },
): void {
  const room = width - layout.width - GAP_PX;
  if (room < LEAST_PX) return;
  context.font = layout.font;
  context.textAlign = 'left';
  context.fillStyle = colour('--accent');
  let text = name;
  while (text.length > 1 && context.measureText(`${text}…`).width > room) text = text.slice(0, -1);
  drawText(context, text === name ? name : `${text}…`, layout.width + GAP_PX, y + HEX_ROW_PX / 2);
}
