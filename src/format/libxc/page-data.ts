/** PAGE_DATA: a list of PFNs with their types, then the contents of those that have any. Source: libxc-migration-stream.pandoc. */
import { byteSize, counted, hex } from '../../lib/text';
import { array, type Names, struct, u32, u64 } from '../kit/layout';
import { decode } from '../kit/decode';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { readU32 } from '../kit/bytes';
import { DomainType } from './headers';

export const PAGE_SIZE = 4096;

/** XEN_DOMCTL_PFINFO_* as the stream numbers them, bits 63–60 of an entry. */
export const PageType = {
  NOTAB: 0x0,
  L1TAB: 0x1,
  L2TAB: 0x2,
  L3TAB: 0x3,
  L4TAB: 0x4,
  L1TAB_PINNED: 0x9,
  L2TAB_PINNED: 0xa,
  L3TAB_PINNED: 0xb,
  L4TAB_PINNED: 0xc,
  BROKEN: 0xd,
  XALLOC: 0xe,
  XTAB: 0xf,
} as const;

const PAGE_TYPE_NAMES: Names = {
  0x0: 'NOTAB',
  0x1: 'L1TAB',
  0x2: 'L2TAB',
  0x3: 'L3TAB',
  0x4: 'L4TAB',
  0x9: 'L1TAB pinned',
  0xa: 'L2TAB pinned',
  0xb: 'L3TAB pinned',
  0xc: 'L4TAB pinned',
  0xd: 'BROKEN',
  0xe: 'XALLOC',
  0xf: 'XTAB',
};

/** Whether a page of this type has 4096 bytes of content in the stream. 5–8 are reserved, and refused by every reader. */
export function hasPageData(type: number): boolean {
  return type <= 0x4 || (type >= 0x9 && type <= 0xc);
}

export function isKnownPageType(type: number): boolean {
  return PAGE_TYPE_NAMES[type] !== undefined;
}

const PFN_MASK = (1n << 52n) - 1n;

/** XEN_DOMCTL_PFINFO_*: what a type says of a page. */
const TABLE = 'page table';
const PV_MEANINGS: Names = {
  0x0: 'NOTAB: data, no page table',
  0x1: `L1TAB: ${TABLE}, level 1`,
  0x2: `L2TAB: ${TABLE}, level 2`,
  0x3: `L3TAB: ${TABLE}, level 3`,
  0x4: `L4TAB: ${TABLE}, level 4`,
  0x9: `L1TAB pinned: ${TABLE}, level 1, kept as such while not in use`,
  0xa: `L2TAB pinned: ${TABLE}, level 2, kept as such while not in use`,
  0xb: `L3TAB pinned: ${TABLE}, level 3, kept as such while not in use: root of a 32-bit guest`,
  0xc: `L4TAB pinned: ${TABLE}, level 4, kept as such while not in use: root of a 64-bit guest`,
  0xd: 'BROKEN: memory error on the host, content lost',
  0xe: 'XALLOC: allocate, without content',
  0xf: 'XTAB: no such page',
};
const noTable = (name: string): string => `${name}: a page-table type, which no page of an HVM guest has`;
const HVM_MEANINGS: Names = {
  0x0: 'NOTAB: memory of the guest',
  ...Object.fromEntries([1, 2, 3, 4, 9, 10, 11, 12].map((type) => [type, noTable(PAGE_TYPE_NAMES[type] ?? '')])),
  0xd: 'BROKEN: memory error on the host, content lost',
  0xe: 'XALLOC: allocate, without content',
  0xf: 'XTAB: no memory there',
};

const pfnEntry = (meanings: Names) =>
  u64({
    display: 'register',
    doc: 'PFN and type of a page.',
    bits: {
      pfn: { at: 0, width: 52, display: 'hex', doc: 'Page frame number in the guest.' },
      reserved: { at: 52, width: 8, display: 'hex', mustBe: 0, doc: 'Reserved, 0; restore ignores it.' },
      type: { at: 60, width: 4, display: 'hex', names: meanings, doc: 'Type of the page (XEN_DOMCTL_PFINFO_*).' },
    },
    note: (value) => {
      const entry = BigInt(value);
      return `PFN ${hex(entry & PFN_MASK)} · ${PAGE_TYPE_NAMES[Number(entry >> 60n)] ?? 'reserved type'}`;
    },
    target: (value) => ({ space: 'pfn', at: BigInt(value) & PFN_MASK }),
  });

const pageDataHeader = (meanings: Names) =>
  struct(
    'PAGE_DATA',
    {
      count: u32({ doc: 'Number of PFNs in the list.' }),
      reserved: u32({ display: 'hex', mustBe: 0, doc: 'Reserved, 0; restore ignores it.' }),
      pfn: array(pfnEntry(meanings), (before) => Number(before['count']), {
        doc: 'PFNs, each with its page type in bits 63–60.',
      }),
    },
    { source: 'docs/specs/libxc-migration-stream.pandoc (PAGE_DATA)' },
  );

/** Of a guest of unknown kind the types are read as those of a PV guest, which has use for all of them. */
export const PAGE_DATA_HEADER = pageDataHeader(PV_MEANINGS);
const HVM_PAGE_DATA_HEADER = pageDataHeader(HVM_MEANINGS);

export const PAGE_DATA_HEADER_SIZE = 8;
export const PFN_ENTRY_SIZE = 8;

export function decodePageData(body: Body): FieldNode[] {
  const count = body.bytes.length >= 4 ? readU32(body.bytes, 0, body.littleEndian) : 0;
  const listEnd = PAGE_DATA_HEADER_SIZE + count * PFN_ENTRY_SIZE;
  const header = body.guest?.domainType === DomainType.X86_HVM ? HVM_PAGE_DATA_HEADER : PAGE_DATA_HEADER;
  const nodes = decode(header, bodyFrom(body, 0, listEnd));
  const pages = bodyFrom(body, listEnd);
  if (pages.length === 0) return nodes;
  const whole = Math.floor(pages.length / PAGE_SIZE);
  const odd = pages.claimed % PAGE_SIZE;
  nodes.push({
    name: 'pages',
    offset: pages.offset,
    length: pages.length,
    value: null,
    text: `${counted(whole, 'page')} · ${byteSize(pages.length)}`,
    doc: 'Contents of the pages whose type has content, in the order of the list.',
    source: PAGE_DATA_HEADER.source ?? '',
    ...(odd === 0 ? {} : { problem: `not a whole number of pages: ${odd} bytes over` }),
    items: {
      count: whole,
      stride: PAGE_SIZE,
      offset: pages.offset,
      decode: (index) => ({
        name: `[${index}]`,
        offset: pages.offset + index * PAGE_SIZE,
        length: PAGE_SIZE,
        value: null,
        text: byteSize(PAGE_SIZE),
        doc: 'Content of a page.',
        source: PAGE_DATA_HEADER.source ?? '',
      }),
    },
  });
  return nodes;
}
