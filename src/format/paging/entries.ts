/** Entries of page tables: whether one maps a page, where it leads, what must not be set in it. */
import { FRAME_MASK, tableLevel } from '../page';
import { LARGE } from '../x86/page-table';
import type { Level } from './modes';
import type { Paging } from './paging';

/** Returns the mask of the lowest `bits` bits. */
export const low = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** Tells whether an entry maps a large page, where its level has them. */
export function isLarge({ large }: Level, entry: bigint, { pse }: Paging): boolean {
  return (entry & LARGE) !== 0n && (large === 'always' || (large === 'pse' && pse));
}

/** Returns the bits that must be clear in a present entry of this level. */
export function reservedBits(level: Level, large: boolean, { mode, nx, addressBits }: Paging): bigint {
  const { reserved = 0n, reservedLarge = 0n } = level;
  const beyond = mode.entrySize === 8 ? FRAME_MASK & ~low(addressBits) : 0n;
  // Bits 20–13 of a PSE-36 entry are address bits 39–32: those beyond the width are reserved too.
  const folded = mode.entrySize === 4 && large ? (low(8) & ~low(Math.max(0, addressBits - 32))) << 13n : 0n;
  const noNx = mode.hasNx && !nx ? 1n << 63n : 0n;
  return reserved | beyond | noNx | (large ? reservedLarge | folded : 0n);
}

/** Returns the guest-physical address that a present entry leads to: of a table, or of a page. */
export function frameOf(entry: bigint, large: boolean, { mode }: Paging): bigint {
  if (mode.entrySize === 8) return entry & FRAME_MASK;
  return large ? (entry & 0xffc0_0000n) | (((entry >> 13n) & 0xffn) << 32n) : entry & 0xffff_f000n;
}

/** Tells whether a PV guest's page was saved as something else than a table of this level, so that it holds frames of the old host. */
export const isUnfit = ({ tableType }: Level, page: { readonly type: number }): boolean =>
  tableType !== undefined && tableLevel(page.type) !== tableType;
