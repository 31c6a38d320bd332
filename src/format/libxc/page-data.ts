/** PAGE_DATA: a list of PFNs with their types, then the contents of those that have any. Source: libxc-migration-stream.pandoc. */
import { byteSize, counted, hex } from '../../lib/text';
import { array, type Names, struct, u32, u64 } from '../kit/layout';
import { decode } from '../kit/decode';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { readU32 } from '../kit/bytes';

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

const PFN_ENTRY = u64({
  display: 'register',
  bits: {
    pfn: { at: 0, width: 52, display: 'hex', doc: 'Page frame number in the guest' },
    reserved: { at: 52, width: 8, display: 'hex', mustBe: 0 },
    type: { at: 60, width: 4, display: 'hex', names: PAGE_TYPE_NAMES, doc: 'Type of the page' },
  },
  note: (value) => {
    const entry = BigInt(value);
    return `PFN ${hex(entry & PFN_MASK)} · ${PAGE_TYPE_NAMES[Number(entry >> 60n)] ?? 'reserved type'}`;
  },
});

const PAGE_DATA_HEADER = struct('PAGE_DATA', {
  count: u32({ doc: 'Number of PFNs in the list.' }),
  reserved: u32({ display: 'hex', mustBe: 0 }),
  pfn: array(PFN_ENTRY, (before) => Number(before['count']), {
    doc: 'PFNs, each with its page type in bits 63–60.',
  }),
});

export const PAGE_DATA_HEADER_SIZE = 8;
export const PFN_ENTRY_SIZE = 8;

export function decodePageData(body: Body): FieldNode[] {
  const count = body.bytes.length >= 4 ? readU32(body.bytes, 0, body.littleEndian) : 0;
  const listEnd = PAGE_DATA_HEADER_SIZE + count * PFN_ENTRY_SIZE;
  const nodes = decode(PAGE_DATA_HEADER, bodyFrom(body, 0, listEnd));
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
      }),
    },
  });
  return nodes;
}
