/** Page types: all sixteen, and ordinary pages that a pass over their contents found to hold nothing but zeros. */
import { DomainType } from '../../format/libxc/headers';
import { hasPageData, PageType } from '../../format/page';
import { hex0x } from '../../lib/text';
import { entry, type LayerEntry, type MapLayer } from './layer';
import { pageLook, RESERVED_TYPES, TYPES } from './page-types';

/** Ordinary and all zero. The cells are those of the content layer. */
export const ZERO_STATE = 0x10;

/** What is rarer and matters more wins. */
const TELLING: readonly number[] = [
  ...RESERVED_TYPES,
  PageType.BROKEN,
  PageType.L4TAB_PINNED,
  PageType.L4TAB,
  PageType.L3TAB_PINNED,
  PageType.L3TAB,
  PageType.L2TAB_PINNED,
  PageType.L2TAB,
  PageType.L1TAB_PINNED,
  PageType.L1TAB,
  PageType.NOTAB,
  ZERO_STATE,
  PageType.XALLOC,
  PageType.XTAB,
];

/** Page tables of a PV guest, pinned or not: those of HVM and PVH guests are ordinary pages to the stream. */
const isTable = (type: number): boolean => hasPageData(type) && type !== PageType.NOTAB;

const ofType = (type: number): LayerEntry => {
  const { short, name, colour, shape } = pageLook(type);
  return entry(type, short, `${name}, type ${hex0x(type)}`, colour, shape);
};

export const TYPE_LAYER: MapLayer = {
  id: 'type',
  label: 'Type',
  title: 'Page type',
  doc: 'The type that the last mention of a page gives it, of those that a restore takes.',
  nothing: 'Not in stream',
  rank: (state) => TELLING.indexOf(state),
  value: () => (type) => type,
  entries: ({ domainType }) => [
    ...TYPES.flatMap((type) => {
      const made = { ...ofType(type), quiet: domainType === DomainType.X86_HVM && isTable(type) };
      const zero = entry(ZERO_STATE, 'Ordinary, all zero', 'ordinary page, all zero', '--p-zero');
      return type === PageType.NOTAB ? [made, { ...zero, quiet: true }] : [made];
    }),
    ...RESERVED_TYPES.map((type) => ({ ...ofType(type), quiet: true })),
  ],
};
