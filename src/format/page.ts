/** Pages of the guest: their size, the frame that an address lies in, and the types that the stream has for them. */
import type { Names } from './kit/layout';

/** Bits of an address that count bytes within its page. */
export const PAGE_SHIFT = 12;
/** Bytes of a page. The stream knows no other size: `page_shift` of the domain header is always 12. */
export const PAGE_SIZE = 4096;
const BITS = BigInt(PAGE_SHIFT);
const OFFSET_MASK = BigInt(PAGE_SIZE - 1);

/**
 * Bits 51–12: those of a 64-bit page table entry, of cr3, or of an APIC or MTRR base, that hold the address of a
 * frame. Source: Intel SDM vol. 3A § 4.5, AMD APM vol. 2 § 5.3.
 */
export const FRAME_MASK = 0x000f_ffff_ffff_f000n;

/** Returns the number of the 4 KiB frame that an address lies in; of a linear address, the number of its page. */
export const frameNumber = (address: bigint): bigint => address >> BITS;

/** Returns the PFN that a guest-physical address lies in. */
export const pfnOf = (address: bigint): number => Number(address >> BITS);

/** Returns the address of a page's first byte. */
export const addressOf = (pfn: number | bigint): bigint => BigInt(pfn) << BITS;

/** Returns how far an address lies within its page, bytes. */
export const offsetInPage = (address: bigint): number => Number(address & OFFSET_MASK);

/** Returns the address of the first byte of the page that an address lies in. */
export const pageStart = (address: bigint): bigint => address & ~OFFSET_MASK;

/**
 * Returns the frame number in a 64-bit page table entry that is given as two 32-bit words: bits 51–12, as `FRAME_MASK`
 * has them. For loops over whole tables, where a bigint for each entry would cost too much.
 */
export const frameOfWords = (low: number, high: number): number => (high & 0xf_ffff) * 0x10_0000 + (low >>> PAGE_SHIFT);

/**
 * Page types as the stream numbers them: bits 63–60 of an entry in a PFN list. Source: libxc-migration-stream.pandoc
 * (PAGE_DATA), public/domctl.h (XEN_DOMCTL_PFINFO_*).
 */
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
export type PageType = (typeof PageType)[keyof typeof PageType];

/** Names of the page types as they are shown; reserved types have none. */
export const PAGE_TYPE_NAMES: Names = {
  [PageType.NOTAB]: 'NOTAB',
  [PageType.L1TAB]: 'L1TAB',
  [PageType.L2TAB]: 'L2TAB',
  [PageType.L3TAB]: 'L3TAB',
  [PageType.L4TAB]: 'L4TAB',
  [PageType.L1TAB_PINNED]: 'L1TAB pinned',
  [PageType.L2TAB_PINNED]: 'L2TAB pinned',
  [PageType.L3TAB_PINNED]: 'L3TAB pinned',
  [PageType.L4TAB_PINNED]: 'L4TAB pinned',
  [PageType.BROKEN]: 'BROKEN',
  [PageType.XALLOC]: 'XALLOC',
  [PageType.XTAB]: 'XTAB',
} satisfies Readonly<Record<PageType, string>>;

/** Tells whether a page of this type has 4096 bytes of content in the stream. Types 5–8 are reserved, and refused by every reader. */
export function hasPageData(type: number): boolean {
  return type <= PageType.L4TAB || (type >= PageType.L1TAB_PINNED && type <= PageType.L4TAB_PINNED);
}

/** Tells whether the specification defines this page type. */
export function isKnownPageType(type: number): boolean {
  return PAGE_TYPE_NAMES[type] !== undefined;
}

/** Bit of a page table's type that says that it is pinned: validated, and kept as such while not in use. */
const PINNED = 0x8;

/** Returns the level of a PV page table by its page type, pinned or not: 1 to 4; 0 for a page that is no page table. */
export function tableLevel(type: number): number {
  const level = type & ~PINNED;
  return level <= PageType.L4TAB && type !== PINNED ? level : 0;
}

/** Tells whether a page of this type is a page table of a PV guest that is pinned. */
export const isPinned = (type: number): boolean => isTableType(type) && (type & PINNED) !== 0;

/** Tells whether a page of this type is a page table of a PV guest, pinned or not. */
export const isTableType = (type: number): boolean => tableLevel(type) > 0;
