/** Which lengths Xen accepts of an entry. Source: xen/arch/x86/hvm/save.c (_hvm_check_entry), the loaders of each type. */
import { grouped } from '../../lib/text';
import { sizeOf, type StructField } from '../kit/layout';

export type HvmLength =
  /** This length and no other. */
  | { readonly rule: 'strict'; readonly size: number }
  /** Up to `size`; what is missing at the end is read as zeros. `older` lists the shorter lengths that releases wrote. */
  | { readonly rule: 'zero-extended'; readonly size: number; readonly older: readonly number[] }
  /** `min`, `min + step` and so on; what the body says decides which. */
  | { readonly rule: 'flexible'; readonly min: number; readonly step: number }
  /** Not looked at. */
  | { readonly rule: 'any' };

export const strict = (layout: StructField): HvmLength => ({ rule: 'strict', size: sizeOf(layout) });

export const zeroExtended = (layout: StructField, older = layout.older ?? []): HvmLength => ({
  rule: 'zero-extended',
  size: sizeOf(layout),
  older,
});

const bytes = (count: number): string => `${grouped(count)} B`;

/** What is wrong with a length, if anything is. */
export function lengthProblem(length: HvmLength, found: number): string | undefined {
  switch (length.rule) {
    case 'strict':
      return found === length.size ? undefined : `${bytes(found)} long: Xen takes ${bytes(length.size)} only`;
    case 'zero-extended':
      if (found > length.size) return `${bytes(found)} long: Xen takes ${bytes(length.size)} at most`;
      if (found === length.size || length.older.includes(found)) return undefined;
      return `${bytes(found)} long, as no Xen writes it: what is missing is read as zeros`;
    case 'flexible':
      if (found < length.min) return `${bytes(found)} long: Xen takes ${bytes(length.min)} at least`;
      return (found - length.min) % length.step === 0
        ? undefined
        : `${bytes(found)} long: not ${bytes(length.min)} and a multiple of ${bytes(length.step)}`;
    case 'any':
      return undefined;
  }
}
