/**
 * What page tables allow: an access needs leave of every level. Source: Intel SDM vol. 3A § 4.6, AMD APM vol. 2 § 5.6;
 * for PV guests adjust_guest_l1e … l4e in xen/arch/x86/pv/mm.h. WP, SMEP, SMAP and protection keys come on top.
 */
import { GUEST_KERNEL } from '../../format/x86/page-table';
import type { Paging } from '../../format/paging/paging';

export interface Rights {
  readonly write: boolean;
  /** User code may access it. */
  readonly user: boolean;
  readonly execute: boolean;
  /** Survives a change of cr3. */
  readonly global: boolean;
}

/** Rights as bits; the first three are those that every level must give. */
const WRITE = 1;
const USER = 2;
const EXECUTE = 4;
export const GLOBAL = 8;
export const ALL = WRITE | USER | EXECUTE;

/** Returns what the entry of one level allows. */
export function allowedBy({ mode }: Paging, depth: number, entry: bigint): number {
  // The four pointers of PAE have no such bits, and Xen sets them itself for 32-bit guests.
  if (depth === 0 && (mode.id === 'pae' || mode.id === 'pv32')) return ALL;
  // The kernel of a 64-bit PV guest runs in ring 3 as its user code does: Xen marks its pages in the last level.
  const isLast = depth === mode.levels.length - 1;
  const user =
    mode.id === 'pv64' ? !isLast || ((entry & 4n) !== 0n && (entry & GUEST_KERNEL) === 0n) : (entry & 4n) !== 0n;
  const execute = !mode.hasNx || (entry & (1n << 63n)) === 0n;
  return ((entry & 2n) === 0n ? 0 : WRITE) | (user ? USER : 0) | (execute ? EXECUTE : 0);
}

/** Tells whether the entry that maps a page makes it global. */
export const isGlobal = (entry: bigint): boolean => (entry & 0x100n) !== 0n;

/** Unpacks rights out of their bits. */
export const rightsOf = (bits: number): Rights => ({
  write: (bits & WRITE) !== 0,
  user: (bits & USER) !== 0,
  execute: (bits & EXECUTE) !== 0,
  global: (bits & GLOBAL) !== 0,
});
