/** Memory types that Xen does not take. Source: xen/arch/x86/hvm/mtrr.c and hvm.c, the setters of the registers. */
import { HVM_MTRR, MTRR_CAP, MTRR_DEF_TYPE } from '../../../../format/hvm/mtrr';
import { bytesOf, MEMORY_TYPES, PHYS_BASE, PHYS_MASK, UC_MINUS } from '../../../../format/hvm/mtrr-ranges';
import { bitsOf, maskOfAll } from '../../../../format/kit/bits';
import type { FieldPath } from '../../../../format/kit/fields';
import type { ValueOf } from '../../../../format/kit/layout';
import { hex0x } from '../../../../lib/text';
import type { XenVersion } from '../../../kit/xen-version';

type Mtrr = typeof HVM_MTRR;

/** A register whose value is refused. */
interface Refused {
  readonly path: FieldPath<Mtrr>;
  readonly what: string;
}

const PAT_TYPES: ReadonlySet<number> = new Set(Object.keys(MEMORY_TYPES).map(Number));
const isPatType = (type: number): boolean => PAT_TYPES.has(type);
const isType = (type: number): boolean => type !== UC_MINUS && isPatType(type);

/** Whether the setter of a variable range refuses a value. It looks for a type in the mask as well, where 0 is one. */
const isBad = (value: bigint, allowed: bigint): boolean =>
  !isType(bitsOf(value, PHYS_BASE.type)) || (value & ~allowed) !== 0n;

/** Yields the registers whose value a setter refuses, so that they keep that of a reset. */
export function* refusals(state: ValueOf<Mtrr>, xen: XenVersion): Generator<Refused> {
  const { msr_pat_cr: pat, msr_mtrr_var: ranges, msr_mtrr_cap: cap, msr_mtrr_def_type: defaults } = state;
  if (!bytesOf(pat).every(isPatType)) yield { path: 'msr_pat_cr', what: `PAT ${hex0x(pat, 16)}` };

  for (const [name, value] of Object.entries(state.msr_mtrr_fixed)) {
    const path = `msr_mtrr_fixed.${name}` as const;
    if (!bytesOf(value).every(isType)) yield { path, what: `fixed range ${name.slice(1, -1)} ${hex0x(value, 16)}` };
  }

  // Before 4.12 all of them were loaded, whatever the capabilities said.
  const count = xen < 412 ? ranges.length : bitsOf(cap, MTRR_CAP.VCNT);
  for (const [index, { base, mask }] of ranges.slice(0, count).entries()) {
    const path = `msr_mtrr_var[${index}]` as const;
    if (isBad(base, maskOfAll(PHYS_BASE)))
      yield { path: `${path}.base`, what: `base of range ${index} ${hex0x(base)}` };
    if (isBad(mask, maskOfAll(PHYS_MASK)))
      yield { path: `${path}.mask`, what: `mask of range ${index} ${hex0x(mask)}` };
  }

  if (!isType(bitsOf(defaults, MTRR_DEF_TYPE.type)) || (defaults & ~maskOfAll(MTRR_DEF_TYPE)) !== 0n)
    yield { path: 'msr_mtrr_def_type', what: `default type ${hex0x(defaults)}` };
}
