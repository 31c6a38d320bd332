/** Descriptors that a PV guest's GDT may have. Source: xen/arch/x86/pv/descriptor-tables.c, check_descriptor(). */
import { maskOf } from '../../../../format/kit/bits';
import { parse } from '../../../../format/kit/parse';
import { DESCRIPTOR_SIZE, DESCRIPTORS_PER_PAGE, HIGH, SEGMENT_DESCRIPTOR } from '../../../../format/x86/descriptor';
import { GATE_32 } from '../../../../format/x86/gate';
import { CODE_OR_DATA, PRESENT } from '../../../../format/x86/segment';
import { FIRST_XEN_ENTRY, FLAT_KERNEL_CS, isLocal, selectorIndex } from '../../../../format/x86/selector';

const LONG_CODE = Number(maskOf(HIGH.L));
const TYPE = 0xf;
const CALL_GATE = 0xc;
/** Bits of a call gate's count that must be 0: of a 64-bit gate all, as it has none. */
const RESERVED_COUNT = { narrow: 0xe0, wide: 0xff } as const;

const mayCall = (selector: number, narrow: boolean): boolean =>
  selectorIndex(selector) < FIRST_XEN_ENTRY || selector === FLAT_KERNEL_CS[narrow ? 4 : 8] || isLocal(selector);

/** Tells whether Xen takes the descriptor at `at` in a page of the GDT; `narrow`: of a 32-bit guest. */
function isDescriptorAllowed(page: Uint8Array, at: number, narrow: boolean): boolean {
  const { access, high } = parse(SEGMENT_DESCRIPTOR, page, true, at);
  if ((access & PRESENT) === 0) return true;
  // 64-bit code has no place in a 32-bit guest.
  if ((access & CODE_OR_DATA) !== 0) return !(narrow && (high & LONG_CODE) !== 0);
  const type = access & TYPE;
  if (type === 0) return true;
  if (type !== CALL_GATE) return false;
  const { selector, count } = parse(GATE_32, page, true, at);
  return mayCall(selector, narrow) && (count & (narrow ? RESERVED_COUNT.narrow : RESERVED_COUNT.wide)) === 0;
}

/** Returns the index of the first descriptor in a page of the GDT that Xen refuses; −1 where it takes all. */
export function refusedDescriptor(page: Uint8Array, narrow: boolean): number {
  for (let index = 0; index < DESCRIPTORS_PER_PAGE; index++)
    if (!isDescriptorAllowed(page, index * DESCRIPTOR_SIZE, narrow)) return index;
  return -1;
}
