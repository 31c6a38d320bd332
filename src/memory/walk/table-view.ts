/** A page read as a page table: its entries, and where they lead. */
import { readU32, readU64 } from '../../format/kit/bytes';
import { FRAME_MASK, PAGE_SIZE, pfnOf } from '../../format/page';
import { entryFlags } from '../../format/x86/page-table';

export interface TableEntry {
  readonly index: number;
  readonly value: bigint;
  readonly present: boolean;
  /** Frame that it leads to: in an image a PFN. */
  readonly pfn: number;
  readonly flags: readonly string[];
}

/** Lists the entries of a page table that are not zero; `present` counts those that are present. */
export function tableEntries(page: Uint8Array, entrySize: 4 | 8): { entries: TableEntry[]; present: number } {
  const entries: TableEntry[] = [];
  let present = 0;
  for (let at = 0; at + entrySize <= Math.min(page.length, PAGE_SIZE); at += entrySize) {
    const value = entrySize === 8 ? readU64(page, at, true) : BigInt(readU32(page, at, true));
    if (value === 0n) continue;
    const isPresent = (value & 1n) === 1n;
    if (isPresent) present++;
    const frame = entrySize === 8 ? value & FRAME_MASK : value & 0xffff_f000n;
    entries.push({
      index: at / entrySize,
      value,
      present: isPresent,
      pfn: pfnOf(frame),
      flags: entryFlags(value),
    });
  }
  return { entries, present };
}
