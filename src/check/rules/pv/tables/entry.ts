/** Entries of page tables, as Xen takes them apart: flags in 24 bits, frame in 40. */
import { hex } from '../../../../lib/text';
import type { Place } from '../../../kit/rule';

export const PRESENT = 1;
export const WRITABLE = 2;
/** PWT, PCD, PAT: how the page is cached. In tables above the lowest the last is PSE: a large page. */
const CACHE = 0x98;
const GLOBAL = 0x100;
/** L3 entries of a 32-bit guest have fewer flags yet. */
const PAE_L3 = 0xff_f198;

export interface Entry {
  /** PFN of the table. */
  readonly table: number;
  /** 1 to 4. */
  readonly level: number;
  readonly index: number;
  /** Bits 63 to 52 above bits 11 to 0. */
  readonly flags: number;
  /** PFN that it leads to; of a table that libxc did not turn to machine frames, a machine frame. */
  readonly frame: number;
  readonly place: Place;
}

/** Reads the entry at `index` of a table. */
export function entryOf(table: DataView, of: { table: number; level: number; offset: number }, index: number): Entry {
  const low = table.getUint32(index * 8, true);
  const high = table.getUint32(index * 8 + 4, true);
  return {
    table: of.table,
    level: of.level,
    index,
    flags: ((high >>> 20) << 12) | (low & 0xfff),
    frame: (high & 0xf_ffff) * 0x10_0000 + (low >>> 12),
    place: { offset: of.offset + index * 8, length: 8 },
  };
}

/** Flags that a guest must not set. Source: xen/arch/x86/mm.c, base_disallow_mask and what is made of it. */
export function refusedFlags({ level, flags }: Entry, narrow: boolean, mayCache: boolean): number {
  if (level === 1) return mayCache ? 0 : flags & CACHE;
  if (level === 3 && narrow) return flags & PAE_L3;
  return flags & (CACHE | GLOBAL);
}

const LOW_NAMES: readonly (readonly [bit: number, name: string])[] = [
  [0x08, 'PWT'],
  [0x10, 'PCD'],
  [0x80, 'PSE'],
  [0x100, 'G'],
];

/** The names of refused flags. */
export function flagNames(flags: number, level: number): string {
  const names = LOW_NAMES.flatMap(([bit, name]) =>
    (flags & bit) === 0 ? [] : [name === 'PSE' && level === 1 ? 'PAT' : name],
  );
  const upper = flags & 0xff_f000;
  return [...names, ...(upper === 0 ? [] : [`bits 63–52: ${hex(upper >>> 12)}`])].join(', ');
}
