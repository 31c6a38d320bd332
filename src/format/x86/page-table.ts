/**
 * Entries of page tables. What the hardware defines is the same at all levels but for bit 7: a large page in the middle
 * ones, a choice of PAT in the last. Source: Intel SDM vol. 3A ch. 4, AMD APM vol. 2 ch. 5, asm/x86_64/page.h of Xen.
 */
import { FRAME_MASK, frameNumber, PAGE_SIZE } from '../page';
import { maskOf } from '../kit/bits';
import type { MemoryRef } from '../kit/node';
import { type Bits, sizeOf, struct, u32, u64 } from '../kit/layout';

const LOW_BITS = {
  P: { at: 0, doc: 'Present: without it the other bits mean nothing to the CPU.' },
  RW: { at: 1, doc: 'Writable.' },
  US: { at: 2, doc: 'User code may access it.' },
  PWT: { at: 3, doc: 'Write-through caching.' },
  PCD: { at: 4, doc: 'Caching disabled.' },
  A: { at: 5, doc: 'Accessed: set by the CPU when it used the entry.' },
  D: { at: 6, doc: 'Dirty: set by the CPU when it wrote to the page.' },
  PS: { at: 7, doc: 'In a directory: the entry maps a large page. In the last level: selects the PAT entry.' },
  G: { at: 8, doc: 'Global: survives a change of cr3.' },
  AVL: { at: 9, width: 3, display: 'hex', doc: 'Free for software.' },
} as const satisfies Bits;

/** Bits of an entry of 64 bits. */
export const PTE_BITS = {
  ...LOW_BITS,
  frame: { at: 12, width: 40, display: 'hex', doc: 'Frame that it leads to: in an image a PFN.' },
  available: { at: 52, width: 7, display: 'hex', doc: 'Free for software.' },
  pkey: { at: 59, width: 4, display: 'hex', doc: 'Protection key of a user page.' },
  NX: { at: 63, doc: 'No instructions are fetched from it.' },
} as const satisfies Bits;

const ENTRY_32_BITS = {
  ...LOW_BITS,
  frame: { at: 12, width: 20, display: 'hex', doc: 'Frame that it leads to: in an image a PFN.' },
} as const satisfies Bits;

/** Bit of an entry that the CPU looks at: without it the others mean nothing. */
export const PRESENT = maskOf(PTE_BITS.P);
/** Bit of an entry of a middle level: it maps a large page. */
export const LARGE = maskOf(PTE_BITS.PS);

/** Bits of the frame that mean other things where the page is a large one of 2 MiB. */
const LOW_FRAME_BITS = 0x1f_f000n;

/**
 * Returns where a present entry leads, which may be PFN 0. With bit 7 set it may map a large page, of whose address the low
 * bits mean other things: only where they are clear both readings agree.
 */
function frameOf(value: number | bigint): MemoryRef | undefined {
  const entry = BigInt(value);
  const isOpen = (entry & LARGE) !== 0n && (entry & LOW_FRAME_BITS) !== 0n;
  return (entry & PRESENT) === 0n || isOpen ? undefined : { space: 'pfn', at: frameNumber(entry & FRAME_MASK) };
}

const SOURCE = 'Intel SDM vol. 3A § 4.3–4.5';

/** An entry of a PAE or long-mode page table. */
export const PAGE_TABLE_ENTRY_64 = struct(
  'page table entry (64-bit)',
  {
    entry: u64({
      display: 'register',
      bits: PTE_BITS,
      leadsTo: frameOf,
      doc: 'One entry of a PAE or long-mode page table.',
    }),
  },
  { source: SOURCE },
);

/** Bytes of an entry of a PAE or long-mode page table. */
export const PTE_SIZE = sizeOf(PAGE_TABLE_ENTRY_64);

/** Entries of a PAE or long-mode page table that fills a page. */
export const PTES = PAGE_SIZE / PTE_SIZE;

/** An entry of a page table without PAE. */
export const PAGE_TABLE_ENTRY_32 = struct(
  'page table entry (32-bit)',
  {
    entry: u32({
      display: 'register',
      bits: ENTRY_32_BITS,
      leadsTo: frameOf,
      doc: 'One entry of a page table without PAE.',
    }),
  },
  { source: SOURCE },
);

/** Bit that the hardware leaves free and Xen sets in L1 entries of a 64-bit PV guest's kernel: page.h, _PAGE_GUEST_KERNEL. */
export const GUEST_KERNEL = 1n << 52n;

/** Returns what a flag of an entry means, by its name; undefined for a name that no flag has. */
export function flagDoc(name: string): string | undefined {
  if (name === 'GUEST_KERNEL')
    return 'Set by Xen: a page of the guest’s kernel, which runs in ring 3 as its user code does.';
  if (name === 'PAT') return 'Selects the PAT entry, which says how the page is cached.';
  return Object.entries(PTE_BITS).find(([key]) => key === name)?.[1].doc;
}

/** Returns the names of the one-bit flags that are set in an entry, lowest first. Bit 7 of the last level is PAT. */
export function entryFlags(entry: bigint, { isLast = false, ofPv64 = false } = {}): string[] {
  const names = Object.entries(PTE_BITS)
    .filter(([, bit]) => !('width' in bit) && ((entry >> BigInt(bit.at)) & 1n) === 1n)
    .map(([name]) => (isLast && name === 'PS' ? 'PAT' : name));
  if (isLast && ofPv64 && (entry & GUEST_KERNEL) !== 0n)
    names.splice(names.includes('NX') ? -1 : names.length, 0, 'GUEST_KERNEL');
  return names;
}
