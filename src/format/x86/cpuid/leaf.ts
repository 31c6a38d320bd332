/** A leaf of a CPUID policy, and the vocabulary in which its registers are described. */
import type { BitRange, Bits, IntOptions } from '../../kit/layout';

/** Subleaf of leaves that have none: XEN_CPUID_NO_SUBLEAF. */
export const NO_SUBLEAF = 0xffff_ffff;

/** A leaf of a CPUID policy, with the values of its registers. */
export interface CpuidLeaf {
  readonly leaf: number;
  readonly subleaf: number;
  readonly eax: number;
  readonly ebx: number;
  readonly ecx: number;
  readonly edx: number;
}

/** Registers of a leaf that stand before the one that is read. */
export type Registers = Readonly<Partial<Record<'eax' | 'ebx' | 'ecx', number>>>;

type Options = Omit<IntOptions, 'refine' | 'endian'>;
/** Describes how a register of a leaf reads. */
export type RegisterText = Options & { readonly doc: string };

/** Describes how the four registers of a leaf read. A register that is left out is reserved. */
export interface LeafText {
  /** What the leaf is about. */
  readonly name: string;
  readonly eax?: RegisterText;
  readonly ebx?: RegisterText | ((before: Registers) => RegisterText);
  readonly ecx?: RegisterText | ((before: Registers) => RegisterText);
  readonly edx?: RegisterText | ((before: Registers) => RegisterText);
}

/** Describes a bit of a register. */
export const flag = (at: number, doc: string): BitRange => ({ at, doc });
/** Describes a range of bits of a register. */
export const part = (at: number, width: number, doc: string, more: Partial<BitRange> = {}): BitRange => ({
  at,
  width,
  doc,
  ...more,
});

/** Describes a register by ranges of bits: those without a name are reserved. */
export const fields = (doc: string, named: Readonly<Record<string, BitRange>>, more: Options = {}): RegisterText => ({
  doc,
  bits: withReserved(named, 'Reserved.'),
  ...more,
});

/** Returns a table of 32 bits from bit `from` on: the named ranges in order, and what lies between them as `reserved_N`. */
export function withReserved(named: Readonly<Record<string, BitRange>>, doc: string, from = 0): Bits {
  const bits: Record<string, BitRange> = {};
  let next = from;
  const fill = (to: number): void => {
    if (to > next) bits[`reserved_${next}`] = { at: next, width: to - next, display: 'hex', reserved: true, doc };
  };
  for (const [name, range] of Object.entries(named).toSorted(([, a], [, b]) => a.at - b.at)) {
    fill(range.at);
    bits[name] = range;
    next = range.at + (range.width ?? 1);
  }
  fill(from + 32);
  return bits;
}

/** Returns bits `at` to `at + width - 1` of a register. */
export const bitsOf = (value: number, at: number, width: number): number => (value >>> at) & (2 ** width - 1);
