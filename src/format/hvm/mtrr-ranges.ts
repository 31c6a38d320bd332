/** Memory types and the ranges that MTRRs give them to. Source: Intel SDM vol. 3A § 13.11, 13.12; asm/x86-defns.h. */
import { FRAME_MASK } from '../page';
import { hex0x } from '../../lib/text';
import { bitsOf, isSet } from '../kit/bits';
import type { Bits, Names } from '../kit/layout';

/** The type that lets MTRRs say WC: the page attribute table has it, MTRRs have not. */
export const UC_MINUS = 7;

/** Names of the memory types, those of the page attribute table. */
export const MEMORY_TYPES: Names = { 0: 'UC', 1: 'WC', 4: 'WT', 5: 'WP', 6: 'WB', [UC_MINUS]: 'UC-' };

/** Bits of PHYSBASE, the start of a variable range. */
export const PHYS_BASE = {
  type: { at: 0, width: 8, names: MEMORY_TYPES, doc: 'Memory type of the range.' },
  frame: { at: 12, width: 40, display: 'hex', doc: 'First frame of the range.' },
} as const satisfies Bits;

/** Bits of PHYSMASK, which says how far a variable range goes. */
export const PHYS_MASK = {
  valid: { at: 11, doc: 'The range is in use.' },
  frame_mask: { at: 12, width: 40, display: 'hex', doc: 'Bits of the frame that are compared.' },
} as const satisfies Bits;

/** Returns the name of a memory type; `type 2` of one that does not exist. */
export const typeName = (type: number): string => MEMORY_TYPES[type] ?? `type ${type}`;

/** Returns the eight bytes of a register, lowest first. */
export const bytesOf = (value: number | bigint): number[] =>
  Array.from({ length: 8 }, (_, index) => Number((BigInt(value) >> BigInt(index * 8)) & 0xffn));

/**
 * Writes what a variable range covers: `0xf0000000–0xf7ffffff UC`, `off`, or the rule itself where the mask has holes.
 * The mask has as many bits as physical addresses have, which it does not tell: its highest bit is taken for the highest
 * of all.
 */
export function variableRange(base: bigint, mask: bigint): string {
  if (!isSet(mask, PHYS_MASK.valid)) return 'off';
  const type = typeName(bitsOf(base, PHYS_BASE.type));
  const bits = mask & FRAME_MASK;
  if (bits === 0n) return `all memory ${type}`;
  const size = bits & -bits;
  const above = bits + size;
  const hasHoles = (above & (above - 1n)) !== 0n;
  if (hasHoles) return `addresses whose bits ${hex0x(bits)} are ${hex0x(base & bits)}: ${type}`;
  const start = base & bits;
  return `${hex0x(start)}–${hex0x(start + size - 1n)} ${type}`;
}

/** A register of fixed ranges: eight areas of one size. */
export interface FixedRange {
  /** Name of the register in the manual. */
  readonly name: string;
  readonly start: number;
  /** Bytes of each area. */
  readonly size: number;
}

const KIB = 1024;

const fixed = (kib: number, start: number): FixedRange => ({
  name: `fix${kib}K_${start.toString(16).toUpperCase().padStart(5, '0')}`,
  start,
  size: kib * KIB,
});

/** The registers of fixed ranges, in the order in which Xen saves them. */
export const FIXED_RANGES: readonly FixedRange[] = [
  fixed(64, 0x0_0000),
  fixed(16, 0x8_0000),
  fixed(16, 0xa_0000),
  ...Array.from({ length: 8 }, (_, index) => fixed(4, 0xc_0000 + index * 0x8000)),
];

/** Writes the types of areas, those of one type next to each other as one: `0x0–0x9ffff WB, 0xa0000–0xbffff UC`. */
export function fixedTypes(registers: readonly (readonly [range: FixedRange, value: number | bigint])[]): string {
  const runs: { start: number; end: number; type: number }[] = [];
  for (const [{ start, size }, value] of registers) {
    for (const [index, type] of bytesOf(value).entries()) {
      const from = start + index * size;
      const last = runs.at(-1);
      if (last?.type === type && last.end === from) last.end = from + size;
      else runs.push({ start: from, end: from + size, type });
    }
  }
  return runs.map(({ start, end, type }) => `${hex0x(start)}–${hex0x(end - 1)} ${typeName(type)}`).join(', ');
}
