/** What Xen looks at in extended state (XSAVE) before it loads it; for PV and HVM guests. */
import { fieldsOf } from '../../../format/kit/fields';
import { sizeOf } from '../../../format/kit/layout';
import { COMPACTED } from '../../../format/x86/xcr0';
import { AREA_MIN_SIZE, PV_XSAVE, XSAVE_AREA } from '../../../format/x86/xsave-layouts';
import { hex0x } from '../../../lib/text';
import { type Rule, ADVICE } from '../../kit/rule';
import { isValidXcr0 } from '../../target/xstate';

/** XCR0 and its like, and the header of the XSAVE area; zeros where the area is not there. */
export interface Xstate {
  readonly xcr0: bigint;
  readonly accum: bigint;
  readonly bv: bigint;
  readonly compacted: bigint;
  /** Reserved words of the header that are set. */
  readonly reserved: boolean;
  /** XCR0 that the guest's policy allows; undefined where the policy is not known. */
  readonly allowed: bigint | undefined;
  /** Components that the target's CPU has; undefined where it is not known. */
  readonly host: bigint | undefined;
}

const ERRNO = { EINVAL: 22, EOPNOTSUPP: 95, EIO: 5 } as const;

/** Returns why validate_xstate() refuses, in words, and with which error; undefined where it does not. */
export function xstateFault({
  xcr0,
  accum,
  bv,
  compacted,
  reserved,
  allowed,
  host,
}: Xstate): { readonly errno: number; readonly why: string } | undefined {
  const invalid = (why: string) => ({ errno: ERRNO.EINVAL, why });
  if ((bv & ~accum) !== 0n)
    return invalid(`xstate_bv ${hex0x(bv)} has components that XCR0_accum ${hex0x(accum)} lacks`);
  if ((xcr0 & ~accum) !== 0n)
    return invalid(`XCR0 ${hex0x(xcr0)} has components that XCR0_accum ${hex0x(accum)} lacks`);
  if (allowed !== undefined && (accum & ~allowed) !== 0n)
    return invalid(
      `XCR0_accum ${hex0x(accum)} has components that the guest’s CPUID policy does not allow (${hex0x(allowed)})`,
    );
  if (!isValidXcr0(xcr0)) return invalid(`XCR0 ${hex0x(xcr0)} is not valid`);
  if (!isValidXcr0(accum)) return invalid(`XCR0_accum ${hex0x(accum)} is not valid`);
  if (host !== undefined && (accum & ~host) !== 0n)
    return { errno: ERRNO.EOPNOTSUPP, why: `XCR0_accum ${hex0x(accum)} has components that the target’s CPU lacks` };
  if (compacted !== 0n) return { errno: ERRNO.EOPNOTSUPP, why: 'xcomp_bv is set: the area is compacted' };
  if (reserved) return { errno: ERRNO.EIO, why: 'reserved words of the XSAVE header are set' };
  return undefined;
}

/** Extended state of a PV vCPU: a record of two words, then the area. */
export interface PvXsave extends Xstate {
  readonly length: number;
  /** Bytes of the area for these components; undefined where the components are not known. */
  readonly areaSize: number | undefined;
  /** Bytes that the target's CPU needs for all that it has; undefined where it is not known. */
  readonly hostSize: number | undefined;
}

/** Bytes of the masks in front of the area. */
const MASKS_SIZE = sizeOf(PV_XSAVE);
const maskField = fieldsOf(PV_XSAVE);
const areaField = fieldsOf(XSAVE_AREA, MASKS_SIZE);

const SET = 'xen/arch/x86/domctl.c: XEN_DOMCTL_setvcpuextstate';
const refused = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;
const hasArea = ({ length }: PvXsave): boolean => length >= MASKS_SIZE + AREA_MIN_SIZE;

export const PV_XSAVE_RULES: readonly Rule<PvXsave>[] = [
  {
    ...refused,
    id: 'HP-26',
    certainty: 'target',
    title: 'more extended state than the target’s CPU has',
    explain:
      'The state is larger than all that the target’s CPU could hold: it lacks components that the guest has used.',
    advice: ADVICE.target,
    source: SET,
    when: ({ length, hostSize }) =>
      hostSize !== undefined &&
      length > MASKS_SIZE + hostSize && {
        settled: true,
        message: `${length} bytes of extended state; the target’s CPU holds ${MASKS_SIZE + hostSize}`,
      },
  },
  {
    ...refused,
    id: 'HP-27',
    title: 'components of extended state without the state',
    explain: 'XCR0_accum names components, but the record is too short for the XSAVE area.',
    source: SET,
    when: (xsave) => xsave.accum !== 0n && !hasArea(xsave) && { at: maskField('xcr0_accum') },
  },
  {
    ...refused,
    id: 'HP-28',
    title: 'XCR0 without XCR0_accum',
    explain: 'XCR0_accum collects all components that XCR0 ever had; it cannot be 0 while XCR0 is not.',
    source: SET,
    when: ({ xcr0, accum }) => accum === 0n && xcr0 !== 0n && { at: maskField('xcr0', 'xcr0_accum') },
  },
  {
    ...refused,
    id: 'HP-29',
    title: 'inconsistent extended state',
    explain:
      'XCR0 and the components in the area must lie within XCR0_accum, XCR0_accum must lie within what the guest’s CPUID policy allows, and all must be valid for the CPU.',
    source: 'xen/arch/x86/xstate.c: validate_xstate()',
    when: (xsave) => {
      const fault = xsave.accum !== 0n && hasArea(xsave) ? xstateFault(xsave) : undefined;
      return fault !== undefined && { errno: fault.errno, message: fault.why, at: maskField('xcr0', 'xcr0_accum') };
    },
  },
  {
    ...refused,
    id: 'HP-32',
    errno: 95,
    title: 'compacted extended state',
    explain: 'Xen takes the standard format only.',
    source: SET,
    when: (xsave) => hasArea(xsave) && (xsave.compacted & COMPACTED) !== 0n && { at: areaField('xsave_hdr.xcomp_bv') },
  },
  {
    ...refused,
    id: 'HP-33',
    title: 'an XSAVE area whose size does not fit its components',
    explain: 'The area must be exactly as long as the components of XCR0_accum need.',
    source: SET,
    when: ({ length, areaSize }) =>
      length !== MASKS_SIZE &&
      areaSize !== undefined &&
      length !== MASKS_SIZE + areaSize && {
        message: `an XSAVE area of ${length - MASKS_SIZE} bytes; its components take ${areaSize}`,
      },
  },
];
