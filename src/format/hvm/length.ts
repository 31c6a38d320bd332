/** Which lengths of an entry Xen accepts. Source: xen/arch/x86/hvm/save.c (_hvm_check_entry), the loaders of each type. */
import { grouped } from '../../lib/text';
import { Errno } from '../errno';
import { layoutOfSize, olderSizes, sizeInRelease, sizeOf, type StructField } from '../kit/layout';

/** What a load function of Xen does beside looking at the length. Releases are written as 413 for 4.13. */
export interface Loading {
  /** Error number for a length that it does not take, by release; EINVAL if not given. */
  readonly errno?: (xen: number) => number;
  /** First release that checks the entry before it loads any. Such a check answers a wrong length with ENODATA. */
  readonly checkedSince?: number;
  /** Where the body is fixed, of a type whose layout does not say so. */
  readonly source?: string;
}

/** A body: its layout, and which lengths Xen takes. The rules are called what Xen calls them; the layout has the sizes. */
export type HvmBody = Loading &
  (
    | {
        /** The size of the structure and no other. */
        readonly rule: 'strict';
        readonly layout: StructField;
      }
    | {
        /** Up to the size of the structure; what is missing at the end is read as zeros. */
        readonly rule: 'zeroextended';
        readonly layout: StructField;
        /** First release that does so: older ones take the size of the structure only. */
        readonly extendedSince?: number;
        /** An older form of the structure, which is taken too. */
        readonly compat?: StructField;
      }
    | {
        /** `min`, `min + step` and so on, bytes; what the body says decides which. */
        readonly rule: 'variable';
        readonly min: number;
        readonly step: number;
        readonly layout?: StructField;
      }
    | {
        /** The length is not looked at. */
        readonly rule: 'any';
        readonly layout?: undefined;
      }
  );

/** How one release of Xen looks at the length of an entry. */
export interface LengthCheck {
  /** The rule as Xen prints it. */
  readonly rule: 'strict' | 'zeroextended' | 'variable';
  /** Sizes that are taken, in the order in which Xen tries them, bytes; none where the body decides. */
  readonly sizes: readonly number[];
  /** Error number for another length. */
  readonly errno: number;
  /** The entry is checked before any is loaded. */
  readonly isChecked: boolean;
}

/** Returns how a release of Xen looks at the length of such an entry. */
export function lengthCheck(body: HvmBody, xen: number): LengthCheck {
  const isChecked = body.checkedSince !== undefined && xen >= body.checkedSince;
  const errno = isChecked ? Errno.ENODATA : (body.errno?.(xen) ?? Errno.EINVAL);
  switch (body.rule) {
    case 'strict':
      return { rule: 'strict', sizes: [sizeInRelease(body.layout, xen)], errno, isChecked };
    case 'zeroextended': {
      const { layout, compat, extendedSince = 0 } = body;
      const sizes = [sizeInRelease(layout, xen), ...(compat ? [sizeOf(compat)] : [])];
      return { rule: xen < extendedSince ? 'strict' : 'zeroextended', sizes, errno, isChecked };
    }
    case 'variable':
    case 'any':
      return { rule: 'variable', sizes: [], errno, isChecked };
  }
}

/** Returns the layout of a body of this length; undefined for a type whose bodies have none. */
export function layoutOfLength(body: HvmBody, length: number): StructField | undefined {
  if (body.rule === 'zeroextended' && body.compat && sizeOf(body.compat) === length) return body.compat;
  return body.layout && layoutOfSize(body.layout, length);
}

const bytes = (count: number): string => `${grouped(count)} B`;

/** Says what is wrong with a length for the newest Xen; undefined if nothing is. */
export function lengthProblem(body: HvmBody, found: number): string | undefined {
  switch (body.rule) {
    case 'strict': {
      const size = sizeOf(body.layout);
      return found === size ? undefined : `${bytes(found)} long: Xen takes ${bytes(size)} only`;
    }
    case 'zeroextended': {
      const { layout, compat } = body;
      const size = sizeOf(layout);
      if (found > size) return `${bytes(found)} long: Xen takes ${bytes(size)} at most`;
      const known = [size, ...olderSizes(layout), ...(compat ? [sizeOf(compat)] : [])];
      if (known.includes(found)) return undefined;
      return `${bytes(found)} long, as no Xen writes it: what is missing is read as zeros`;
    }
    case 'variable': {
      const { min, step } = body;
      if (found < min) return `${bytes(found)} long: Xen takes ${bytes(min)} at least`;
      return (found - min) % step === 0
        ? undefined
        : `${bytes(found)} long: not ${bytes(min)} and a multiple of ${bytes(step)}`;
    }
    case 'any':
      return undefined;
  }
}
