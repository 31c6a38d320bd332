/** Entries of page tables, as Xen takes them apart: flags in 24 bits, frame in 40. */
import { maskOf } from '../../../../format/kit/bits';
import { elementAt } from '../../../../format/kit/fields';
import { frameOfWords } from '../../../../format/page';
import { PAGE_TABLE_ENTRY_64, PTE_BITS, PTE_SIZE } from '../../../../format/x86/page-table';
import { hex } from '../../../../lib/text';
import type { Span } from '../../../../lib/range';

const flag = (name: keyof typeof PTE_BITS): number => Number(maskOf(PTE_BITS[name]));

/** Flag of an entry that leads somewhere. */
export const PRESENT = flag('P');
/** Flag of an entry through which the guest may write. */
export const WRITABLE = flag('RW');
/** How the page is cached. In tables above the lowest the last is PSE: a large page. */
const CACHE = flag('PWT') | flag('PCD') | flag('PS');
const GLOBAL = flag('G');
/** Bits 63 to 52 of an entry, which Xen's flags have above bits 11 to 0. */
const UPPER = 0xff_f000;
const UPPER_SHIFT = 12;

/** A table whose entries are read. */
interface Table {
  /** PFN. */
  readonly table: number;
  /** 1 to 4. */
  readonly level: number;
  /** File offset. */
  readonly offset: number;
}

/** An entry of a page table. */
export interface Entry {
  /** PFN of the table. */
  readonly table: number;
  /** 1 to 4. */
  readonly level: number;
  readonly index: number;
  /** Bits 63 to 52 above bits 11 to 0. */
  readonly flags: number;
  /** PFN that it leads to; in a table in which libxc did not turn PFNs to machine frames, a machine frame. */
  readonly frame: number;
  readonly place: Span;
}

/** Reads the entry at `index` of a table. In two words: a guest has millions of entries, and a bigint for each takes long. */
export function entryOf(bytes: DataView, { table, level, offset }: Table, index: number): Entry {
  const low = bytes.getUint32(index * PTE_SIZE, true);
  const high = bytes.getUint32(index * PTE_SIZE + 4, true);
  return {
    table,
    level,
    index,
    flags: ((high >>> 20) << UPPER_SHIFT) | (low & 0xfff),
    frame: frameOfWords(low, high),
    place: elementAt(PAGE_TABLE_ENTRY_64, index, offset),
  };
}

/** Returns the flags of an entry that a guest must not set. Source: xen/arch/x86/mm.c, base_disallow_mask and what is made of it. */
export function refusedFlags({ level, flags }: Entry, narrow: boolean, mayCache: boolean): number {
  if (level === 1) return mayCache ? 0 : flags & CACHE;
  // L3 entries of a 32-bit guest have none of the upper flags either.
  return flags & (level === 3 && narrow ? CACHE | GLOBAL | UPPER : CACHE | GLOBAL);
}

/** Names of the flags that may be refused, as Xen has them; in an L1 entry PSE is PAT. */
const NAMES: readonly (readonly [mask: number, name: string])[] = [
  [flag('PWT'), 'PWT'],
  [flag('PCD'), 'PCD'],
  [flag('PS'), 'PSE'],
  [flag('G'), 'G'],
];

/** Returns the names of refused flags: `PWT, bits 63–52: 800`. */
export function flagNames(flags: number, level: number): string {
  const names = NAMES.filter(([mask]) => (flags & mask) !== 0).map(([, name]) =>
    name === 'PSE' && level === 1 ? 'PAT' : name,
  );
  const upper = flags & UPPER;
  return [...names, ...(upper === 0 ? [] : [`bits 63–52: ${hex(upper >>> UPPER_SHIFT)}`])].join(', ');
}
