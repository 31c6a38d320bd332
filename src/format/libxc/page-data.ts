/** PAGE_DATA: a list of PFNs with their types, then the contents of those that have any. Source: libxc-migration-stream.pandoc. */
import { byteSize, counted, hex } from '../../lib/text';
import { array, type Names, sizeOf, struct, u32, u64 } from '../kit/layout';
import { decode } from '../kit/decode';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { readU32 } from '../kit/bytes';
import { PAGE_SIZE, PAGE_TYPE_NAMES, PageType, tableLevel } from '../page';
import { DomainType } from './headers';

const PFN_MASK = (1n << 52n) - 1n;

/** What each type says of a page of a PV guest, which has page tables among its pages. */
const PV_MEANINGS: Names = {
  [PageType.NOTAB]: 'NOTAB: data, no page table',
  [PageType.L1TAB]: 'L1TAB: page table, level 1',
  [PageType.L2TAB]: 'L2TAB: page table, level 2',
  [PageType.L3TAB]: 'L3TAB: page table, level 3',
  [PageType.L4TAB]: 'L4TAB: page table, level 4',
  [PageType.L1TAB_PINNED]: 'L1TAB pinned: page table, level 1, kept as such while not in use',
  [PageType.L2TAB_PINNED]: 'L2TAB pinned: page table, level 2, kept as such while not in use',
  [PageType.L3TAB_PINNED]: 'L3TAB pinned: page table, level 3, kept as such while not in use: root of a 32-bit guest',
  [PageType.L4TAB_PINNED]: 'L4TAB pinned: page table, level 4, kept as such while not in use: root of a 64-bit guest',
  [PageType.BROKEN]: 'BROKEN: memory error on the host, content lost',
  [PageType.XALLOC]: 'XALLOC: allocate, without content',
  [PageType.XTAB]: 'XTAB: no such page',
} satisfies Readonly<Record<PageType, string>>;

const noTable = (name: string): string => `${name}: a page-table type, which no page of an HVM guest has`;

/** What each type says of a page of an HVM guest, whose page tables are pages like any other. */
const HVM_MEANINGS: Names = {
  ...Object.fromEntries(
    Object.entries(PAGE_TYPE_NAMES).flatMap(([type, name]) =>
      tableLevel(Number(type)) > 0 ? [[type, noTable(name)]] : [],
    ),
  ),
  [PageType.NOTAB]: 'NOTAB: memory of the guest',
  [PageType.BROKEN]: 'BROKEN: memory error on the host, content lost',
  [PageType.XALLOC]: 'XALLOC: allocate, without content',
  [PageType.XTAB]: 'XTAB: no memory there',
};

const pfnEntry = (meanings: Names) =>
  u64({
    display: 'register',
    doc: 'PFN and type of a page.',
    bits: {
      pfn: { at: 0, width: 52, display: 'hex', doc: 'Page frame number in the guest.' },
      reserved: {
        at: 52,
        width: 8,
        reserved: true,
        display: 'hex',
        mustBe: 0,
        doc: 'Reserved, 0; restore ignores it.',
      },
      type: { at: 60, width: 4, display: 'hex', names: meanings, doc: 'Type of the page (XEN_DOMCTL_PFINFO_*).' },
    },
    note: (value) => {
      const entry = BigInt(value);
      return `PFN ${hex(entry & PFN_MASK)} · ${PAGE_TYPE_NAMES[Number(entry >> 60n)] ?? 'reserved type'}`;
    },
    leadsTo: (value) => ({ space: 'pfn', at: BigInt(value) & PFN_MASK }),
  });

/** The part that is always there. */
const FIXED = {
  count: u32({ doc: 'Number of PFNs in the list.' }),
  reserved: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0; restore ignores it.' }),
} as const;

const pageDataHeader = (meanings: Names) =>
  struct(
    'PAGE_DATA',
    {
      ...FIXED,
      pfn: array(pfnEntry(meanings), (before) => Number(before['count']), {
        doc: 'PFNs, each with its page type in bits 63–60.',
      }),
    },
    { source: 'docs/specs/libxc-migration-stream.pandoc (PAGE_DATA)' },
  );

/** The list of a PAGE_DATA, with the types as a PV guest has them: so they read where the kind of guest is not known, too. */
export const PAGE_DATA_HEADER = pageDataHeader(PV_MEANINGS);
const HVM_PAGE_DATA_HEADER = pageDataHeader(HVM_MEANINGS);

/** Bytes in front of the list of PFNs. */
export const PAGE_DATA_HEADER_SIZE = sizeOf(struct('fixed part', FIXED));

/** Bytes of an entry in the list of PFNs. */
export const PFN_ENTRY_SIZE = sizeOf(PAGE_DATA_HEADER.fields.pfn.of);

/** Decodes the body of a PAGE_DATA record: the list of PFNs, and the pages as an array that is not looked into. */
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
