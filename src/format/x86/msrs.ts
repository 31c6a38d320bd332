/**
 * MSRs that occur in saved domains: names, meaning, bits. Source: xen/arch/x86/include/asm/msr-index.h,
 * public/arch-x86/cpufeatureset.h (words 16, 17), the lists msrs_to_send of xen/arch/x86/{domctl,hvm/hvm}.c; bits that
 * Xen does not name: Intel SDM vol. 4, AMD APM vol. 2.
 */
import { pageStart } from '../page';
import { type BitRange, type Bits, type IntOptions, type Names, toVa } from '../kit/layout';
import { EFER, SFMASK, XSS } from './registers';
import { ARCH_CAPABILITIES, featureBits } from './cpuid/features';

const flag = (at: number, doc: string): BitRange => ({ at, doc });
const rest = (at: number, width: number): BitRange => ({
  at,
  width,
  display: 'hex',
  reserved: true,
  doc: 'Not assigned.',
});

const SPEC_CTRL: Bits = {
  IBRS: flag(0, 'Indirect branches are not steered by less privileged code.'),
  STIBP: flag(1, 'Indirect branches are not steered by the sibling thread.'),
  SSBD: flag(2, 'No speculative store bypass.'),
  IPRED_DIS_U: flag(3, 'No indirect branch prediction ahead of resolution in user mode.'),
  IPRED_DIS_S: flag(4, 'No indirect branch prediction ahead of resolution in kernel mode.'),
  RRSBA_DIS_U: flag(5, 'Returns in user mode use no other predictor than the RSB.'),
  RRSBA_DIS_S: flag(6, 'Returns in kernel mode use no other predictor than the RSB.'),
  PSFD: flag(7, 'No predictive store forwarding.'),
  DDP_DIS_U: flag(8, 'No data-dependent prefetcher in user mode.'),
  reserved_9: rest(9, 1),
  BHI_DIS_S: flag(10, 'Branch history of user mode does not steer kernel mode.'),
  reserved_11: rest(11, 53),
};

/** Two bits for each of the 16 keys. */
const PKRS: Bits = {
  ...Object.fromEntries(
    Array.from({ length: 16 }, (_, key): [string, BitRange][] => [
      [`AD${key}`, flag(2 * key, `No data access to supervisor pages of key ${key}.`)],
      [`WD${key}`, flag(2 * key + 1, `No writes to supervisor pages of key ${key}.`)],
    ]).flat(),
  ),
  reserved_32: rest(32, 32),
};

interface Msr extends Pick<IntOptions, 'bits' | 'note' | 'target'> {
  /** As Xen spells it, without MSR_. */
  readonly name: string;
  /** What manuals call it, where that is another name. */
  readonly alias?: string;
  readonly doc: string;
}

const addressMask = (n: number): Msr => ({
  name: `DR${n}_ADDRESS_MASK`,
  doc: `Address bits that breakpoint ${n} does not compare (AMD DBEXT).`,
  bits: {
    mask: { at: 0, width: 32, display: 'hex', doc: 'A set bit is not compared.' },
    reserved_32: rest(32, 32),
  },
});

const MSRS: Readonly<Record<number, Msr>> = {
  0x0000_0048: {
    name: 'SPEC_CTRL',
    alias: 'IA32_SPEC_CTRL',
    doc: 'Limits to speculation that the guest has chosen.',
    bits: SPEC_CTRL,
  },
  0x0000_00ce: {
    name: 'INTEL_PLATFORM_INFO',
    alias: 'MSR_PLATFORM_INFO',
    doc: 'What the platform can do; of all bits Xen shows a guest one.',
    bits: {
      reserved_0: rest(0, 31),
      CPUID_FAULTING: flag(31, 'CPUID in user mode can be made to fault.'),
      reserved_32: {
        at: 32,
        reserved: true,
        width: 32,
        display: 'hex',
        mustBe: 0,
        doc: 'Not kept: Xen refuses a value that sets one.',
      },
    },
  },
  [ARCH_CAPABILITIES]: {
    name: 'ARCH_CAPABILITIES',
    alias: 'IA32_ARCH_CAPABILITIES',
    doc: 'Which speculation flaws the CPU does not have, and which remedies it has.',
    bits: { ...featureBits(16), ...featureBits(17, 32) },
  },
  0x0000_0140: {
    name: 'INTEL_MISC_FEATURES_ENABLES',
    alias: 'MSR_MISC_FEATURES_ENABLES',
    doc: 'Whether CPUID faults in user mode.',
    bits: { CPUID_FAULTING: flag(0, 'CPUID faults in user mode.'), reserved_1: rest(1, 63) },
  },
  0x0000_06e1: {
    name: 'PKRS',
    alias: 'IA32_PKRS',
    doc: 'Rights to supervisor pages by protection key.',
    bits: PKRS,
  },
  0x0000_0d90: {
    name: 'BNDCFGS',
    alias: 'IA32_BNDCFGS',
    doc: 'Bounds checking (MPX) in kernel mode.',
    target: (value) => toVa(pageStart(BigInt(value))),
    bits: {
      ENABLE: flag(0, 'MPX is on in kernel mode.'),
      PRESERVE: flag(1, 'Near branches without prefix keep the bounds.'),
      reserved_2: { at: 2, width: 10, reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0.' },
      base: { at: 12, width: 52, display: 'hex', doc: 'Linear address of the bound directory, in pages.' },
    },
  },
  0x0000_0da0: {
    name: 'XSS',
    alias: 'IA32_XSS',
    doc: 'Supervisor state that XSAVES keeps; Xen accepts only 0.',
    bits: XSS,
  },
  0xc000_0080: {
    name: 'EFER',
    alias: 'IA32_EFER',
    doc: 'Extended features: long mode, SYSCALL, no-execute.',
    bits: EFER,
  },
  0xc000_0081: { name: 'STAR', alias: 'IA32_STAR', doc: 'Selectors that SYSCALL and SYSRET load.' },
  0xc000_0082: {
    name: 'LSTAR',
    alias: 'IA32_LSTAR',
    target: toVa,
    doc: 'Address that SYSCALL of 64-bit code goes to.',
  },
  0xc000_0083: {
    name: 'CSTAR',
    alias: 'IA32_CSTAR',
    target: toVa,
    doc: 'Address that SYSCALL of compatibility mode goes to.',
  },
  0xc000_0084: { name: 'SYSCALL_MASK', alias: 'IA32_FMASK', doc: 'Flags that SYSCALL clears.', bits: SFMASK },
  0xc000_0103: {
    name: 'TSC_AUX',
    alias: 'IA32_TSC_AUX',
    doc: 'What RDTSCP and RDPID return: by custom the number of CPU and node.',
    bits: {
      value: { at: 0, width: 32, display: 'hex', doc: 'Value that RDTSCP puts in ecx.' },
      reserved_32: { at: 32, width: 32, reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0.' },
    },
  },
  0xc001_011f: {
    name: 'VIRT_SPEC_CTRL',
    doc: 'SSBD for guests on AMD hosts of any kind; laid out as SPEC_CTRL.',
    bits: { reserved_0: rest(0, 2), SSBD: flag(2, 'No speculative store bypass.'), reserved_3: rest(3, 61) },
  },
  0xc001_1019: addressMask(1),
  0xc001_101a: addressMask(2),
  0xc001_101b: addressMask(3),
  0xc001_1027: addressMask(0),
};

export const MSR_NAMES: Names = Object.fromEntries(Object.entries(MSRS).map(([idx, { name }]) => [idx, name]));

/** How the value of an MSR reads; its other name is in the meaning, so that a search finds it. */
export function msrOptions(idx: number): Omit<IntOptions, 'refine' | 'endian'> | undefined {
  const msr = MSRS[idx];
  if (!msr) return { display: 'register', doc: 'Value of an MSR that Xen sends of no guest.' };
  const { name, alias, doc, bits, note, target } = msr;
  return {
    display: 'register',
    doc: `${name}${alias === undefined ? '' : ` (${alias})`}: ${doc}`,
    ...(bits === undefined ? {} : { bits }),
    ...(note === undefined ? {} : { note }),
    ...(target === undefined ? {} : { target }),
  };
}
