/** Tables of bits: the mask of what they name, and names for what they leave out. */
import type { BitRange, Bits } from './layout';

const rangeOf = (bits: number | BitRange): BitRange => (typeof bits === 'number' ? { at: bits } : bits);

/** Returns the mask of one entry of a table of bits, in the integer that the table is of. */
export function maskOf(bits: number | BitRange): bigint {
  const { at, width = 1 } = rangeOf(bits);
  return ((1n << BigInt(width)) - 1n) << BigInt(at);
}

/** Returns the value of one entry of a table of bits in an integer; at most 53 bits of it. */
export function bitsOf(value: number | bigint, bits: number | BitRange): number {
  const { at } = rangeOf(bits);
  return Number((BigInt(value) & maskOf(bits)) >> BigInt(at));
}

/** Tells whether any bit of an entry of a table of bits is set. */
export const isSet = (value: number | bigint, bits: number | BitRange): boolean =>
  (BigInt(value) & maskOf(bits)) !== 0n;

/** Returns the mask of all entries of a table of bits. */
export const maskOfAll = (bits: Bits): bigint =>
  Object.values(bits).reduce((sum: bigint, entry) => sum | maskOf(entry), 0n);

/** Returns the mask of the entries of a table of bits that must be 0. */
export const mustBeZero = (bits: Bits): bigint =>
  Object.values(bits).reduce(
    (sum: bigint, entry) => (typeof entry === 'object' && entry.mustBe === 0 ? sum | maskOf(entry) : sum),
    0n,
  );

/** Returns the bits, lowest first, and between them what is left of `size` bits as `reserved_N`: so every bit has a name. */
export function withReserved(size: number, bits: Bits, doc = 'Not assigned.'): Bits {
  const all: Record<string, number | BitRange> = {};
  const fill = (from: number, to: number): void => {
    if (from >= to) return;
    all[`reserved_${from}`] = { at: from, width: to - from, display: 'hex', reserved: true, doc };
  };
  let end = 0;
  for (const [name, given] of Object.entries(bits).toSorted(([, a], [, b]) => rangeOf(a).at - rangeOf(b).at)) {
    const { at, width = 1 } = rangeOf(given);
    fill(end, at);
    all[name] = given;
    end = at + width;
  }
  fill(end, size);
  return all;
}
