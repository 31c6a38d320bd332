/**
 * The walk from a linear address to a guest-physical one, level by level, over tables that may be damaged or malicious:
 * each level is looked at once, so a walk ends after as many steps as its mode has levels, whatever the entries say. It reads
 * nothing: whoever walks hands in each entry that it asks for, or gives up where the table is not to be had.
 */
import { offsetInPage, PAGE_SIZE, pfnOf } from '../page';
import { readU32, readU64 } from '../kit/bytes';
import { PRESENT } from '../x86/page-table';
import { frameOf, isLarge, low, reservedBits } from './entries';
import { entryIndex, isCanonical, isXens64, type Level, mayBeXens32 } from './modes';
import type { Paging } from './paging';

/** An entry that the walk asks for. */
export interface Lookup {
  readonly level: Level;
  /** 0 for the root. */
  readonly depth: number;
  readonly isLast: boolean;
  /** PFN of the page with the table, and where in it the entry stands: pointers of PAE need not start on a page. */
  readonly pfn: number;
  readonly at: number;
  readonly index: number;
  /** Bytes of the aligned range of addresses that the whole table is for. */
  readonly reach: number;
}

/** Where a walk ended: at an address, or at the level that led nowhere. */
export type WalkEnd =
  /** Guest-physical address, and bytes of the page that it is in. */
  | { readonly gpa: bigint; readonly pageSize: number }
  | {
      readonly why: 'not-present' | 'reserved-bit';
      readonly level: Level;
      readonly index: number;
      /** Bits that should be clear. */
      readonly wrong: bigint;
      /** Bytes of the aligned range around the address of which all fails for the same reason. */
      readonly span: number;
    }
  /** An address that Xen keeps for itself in PV guests; without a level where the address alone says so. */
  | { readonly why: 'xen'; readonly level?: Level; readonly span: number };

/** Returns an address as the CPU takes it; undefined where its upper bits are not all alike. */
export function canonical(va: bigint, { mode: { addressBits: bits } }: Paging): bigint | undefined {
  if (bits === 32) return BigInt.asUintN(32, va);
  const whole = BigInt.asUintN(64, va);
  return isCanonical(whole, bits) ? whole : undefined;
}

/** Reads the entry at byte `at` of a table. Page tables are memory of an x86 guest, little-endian whatever the stream around them is. */
export const readEntry = (bytes: Uint8Array, at: number, { mode }: Paging): bigint =>
  mode.entrySize === 8 ? readU64(bytes, at, true) : BigInt(readU32(bytes, at, true));

/** Walks to a canonical address: yields what it asks for and takes the entry. */
export function* walkTables(paging: Paging, va: bigint): Generator<Lookup, WalkEnd, bigint> {
  const { mode, root } = paging;
  if (mode.id === 'pv64' && isXens64(va)) return { why: 'xen', span: 2 ** 39 };
  let table = root;
  let reach = 2 ** mode.addressBits;
  for (const [depth, level] of mode.levels.entries()) {
    const index = entryIndex(va, level);
    const at = offsetInPage(table) + index * mode.entrySize;
    const isLast = depth === mode.levels.length - 1;
    const entry = yield { level, depth, isLast, pfn: pfnOf(table), at, index, reach };
    reach = 2 ** level.shift;
    if ((entry & PRESENT) === 0n) {
      if (mode.id === 'pv32' && mayBeXens32(va) && depth === 1) return { why: 'xen', level, span: reach };
      return { why: 'not-present', level, index, wrong: 0n, span: reach };
    }
    const large = isLarge(level, entry, paging);
    const wrong = entry & reservedBits(level, large, paging);
    if (wrong !== 0n) return { why: 'reserved-bit', level, index, wrong, span: reach };
    if (large || isLast) {
      const inPage = low(level.shift);
      return { gpa: (frameOf(entry, large, paging) & ~inPage) | (va & inPage), pageSize: reach };
    }
    table = frameOf(entry, false, paging);
  }
  return { gpa: va, pageSize: PAGE_SIZE };
}
