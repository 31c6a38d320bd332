/** How page types are named and drawn: colour and, so that colour is not all, shape. */
import { PageType } from '../../format/page';
import { grouped, hex0x } from '../../lib/text';

export type Shape = 'fill' | 'pinned' | 'outline' | 'hatch' | 'cross';

export interface PageLook {
  /** What the legend calls it. */
  readonly short: string;
  /** What a sentence calls it. */
  readonly name: string;
  /** Token of the colour. */
  readonly colour: string;
  readonly shape: Shape;
}

const look = (short: string, name: string, colour: string, shape: Shape = 'fill'): PageLook => ({
  short,
  name,
  colour,
  shape,
});

const LOOKS: Readonly<Record<number, PageLook>> = {
  [PageType.NOTAB]: look('Ordinary', 'ordinary page', '--p-notab'),
  [PageType.L1TAB]: look('L1 table', 'L1 table', '--p-l1'),
  [PageType.L1TAB_PINNED]: look('L1 pinned', 'L1 table, pinned', '--p-l1', 'pinned'),
  [PageType.L2TAB]: look('L2 table', 'L2 table', '--p-l2'),
  [PageType.L2TAB_PINNED]: look('L2 pinned', 'L2 table, pinned', '--p-l2', 'pinned'),
  [PageType.L3TAB]: look('L3 table', 'L3 table', '--p-l3'),
  [PageType.L3TAB_PINNED]: look('L3 pinned', 'L3 table, pinned', '--p-l3', 'pinned'),
  [PageType.L4TAB]: look('L4 table', 'L4 table', '--p-l4'),
  [PageType.L4TAB_PINNED]: look('L4 pinned', 'L4 table, pinned', '--p-l4', 'pinned'),
  [PageType.XALLOC]: look('Allocated (XALLOC)', 'allocated without data (XALLOC)', '--p-xalloc', 'outline'),
  [PageType.XTAB]: look('Not present (XTAB)', 'not present (XTAB)', '--p-xtab', 'hatch'),
  [PageType.BROKEN]: look('Broken', 'broken page', '--p-broken', 'cross'),
};

/** The types that the format defines, in the order of the legend. */
export const TYPES: readonly number[] = [
  PageType.NOTAB,
  PageType.L1TAB,
  PageType.L1TAB_PINNED,
  PageType.L2TAB,
  PageType.L2TAB_PINNED,
  PageType.L3TAB,
  PageType.L3TAB_PINNED,
  PageType.L4TAB,
  PageType.L4TAB_PINNED,
  PageType.XALLOC,
  PageType.XTAB,
  PageType.BROKEN,
];

/** The reserved types, which every reader refuses. */
export const RESERVED_TYPES: readonly number[] = [5, 6, 7, 8];

/** Returns how pages of a type are drawn and called. */
export function pageLook(type: number): PageLook {
  return LOOKS[type] ?? look(`Reserved ${hex0x(type)}`, `reserved type ${hex0x(type)}`, '--p-broken', 'cross');
}

/** Tells how often a page was sent: `not sent, no content`, `sent once`, `sent 3 times`. */
export const sentTimes = (count: number): string => (count === 0 ? 'not sent, no content' : `sent ${times(count)}`);

/** `once`, `twice`, `3 times`. */
function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${grouped(count)} times`;
}
