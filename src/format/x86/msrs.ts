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

/** Bits of SPEC_CTRL. */
export const SPEC_CTRL = {
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
} satisfies Bits;

/** Bits of INTEL_PLATFORM_INFO. */
export const PLATFORM_INFO = {
  reserved_0: rest(0, 31),
  CPUID_FAULTING: flag(31, 'CPUID in user mode can be made to fault.'),
  reserved_32: {
    at: 32,
    width: 32,
    reserved: true,
    display: 'hex',
    mustBe: 0,
    doc: 'Not kept: Xen refuses a value that sets one.',
  },
} satisfies Bits;

/** Bits of INTEL_MISC_FEATURES_ENABLES. */
export const MISC_FEATURES = {
  CPUID_FAULTING: flag(0, 'CPUID faults in user mode.'),
  reserved_1: rest(1, 63),
} satisfies Bits;

/** Bits of BNDCFGS. */
export const BNDCFGS = {
  ENABLE: flag(0, 'MPX is on in kernel mode.'),
  PRESERVE: flag(1, 'Near branches without prefix keep the bounds.'),
  reserved_2: { at: 2, width: 10, reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0.' },
  base: { at: 12, width: 52, display: 'hex', doc: 'Linear address of the bound directory, in pages.' },
} satisfies Bits;

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

/** Numbers of the MSRs, by the names that Xen has for them, without MSR_. */
export const Msr = {
  SPEC_CTRL: 0x48,
  INTEL_PLATFORM_INFO: 0xce,
  ARCH_CAPABILITIES,
  INTEL_MISC_FEATURES_ENABLES: 0x140,
  PKRS: 0x6e1,
  BNDCFGS: 0xd90,
  XSS: 0xda0,
  EFER: 0xc000_0080,
  STAR: 0xc000_0081,
  LSTAR: 0xc000_0082,
  CSTAR: 0xc000_0083,
  SYSCALL_MASK: 0xc000_0084,
  TSC_AUX: 0xc000_0103,
  VIRT_SPEC_CTRL: 0xc001_011f,
  DR1_ADDRESS_MASK: 0xc001_1019,
  DR2_ADDRESS_MASK: 0xc001_101a,
  DR3_ADDRESS_MASK: 0xc001_101b,
  DR0_ADDRESS_MASK: 0xc001_1027,
} as const;
type MsrName = keyof typeof Msr;

interface MsrText extends Pick<IntOptions, 'bits' | 'note' | 'leadsTo'> {
  /** What manuals call it, where that is another name. */
  readonly alias?: string;
  readonly doc: string;
}

const addressMask = (n: number): MsrText => ({
  doc: `Address bits that breakpoint ${n} does not compare (AMD DBEXT).`,
  bits: {
    mask: { at: 0, width: 32, display: 'hex', doc: 'A set bit is not compared.' },
    reserved_32: rest(32, 32),
  },
});

const MSRS: Readonly<Record<MsrName, MsrText>> = {
  SPEC_CTRL: {
    alias: 'IA32_SPEC_CTRL',
    doc: 'Limits to speculation that the guest has chosen.',
    bits: SPEC_CTRL,
  },
  INTEL_PLATFORM_INFO: {
    alias: 'MSR_PLATFORM_INFO',
    doc: 'What the platform can do; of all bits Xen shows a guest one.',
    bits: PLATFORM_INFO,
  },
  ARCH_CAPABILITIES: {
    alias: 'IA32_ARCH_CAPABILITIES',
    doc: 'Which speculation flaws the CPU does not have, and which remedies it has.',
    bits: { ...featureBits(16), ...featureBits(17, 32) },
  },
  INTEL_MISC_FEATURES_ENABLES: {
    alias: 'MSR_MISC_FEATURES_ENABLES',
    doc: 'Whether CPUID faults in user mode.',
    bits: MISC_FEATURES,
  },
  PKRS: {
    alias: 'IA32_PKRS',
    doc: 'Rights to supervisor pages by protection key.',
    bits: PKRS,
  },
  BNDCFGS: {
    alias: 'IA32_BNDCFGS',
    doc: 'Bounds checking (MPX) in kernel mode.',
    leadsTo: (value) => toVa(pageStart(BigInt(value))),
    bits: BNDCFGS,
  },
  XSS: {
    alias: 'IA32_XSS',
    doc: 'Supervisor state that XSAVES keeps; Xen accepts only 0.',
    bits: XSS,
  },
  EFER: {
    alias: 'IA32_EFER',
    doc: 'Extended features: long mode, SYSCALL, no-execute.',
    bits: EFER,
  },
  STAR: {
    alias: 'IA32_STAR',
    doc: 'Selectors that SYSCALL and SYSRET load.',
  },
  LSTAR: {
    alias: 'IA32_LSTAR',
    leadsTo: toVa,
    doc: 'Address that SYSCALL of 64-bit code goes to.',
  },
  CSTAR: {
    alias: 'IA32_CSTAR',
    leadsTo: toVa,
    doc: 'Address that SYSCALL of compatibility mode goes to.',
  },
  SYSCALL_MASK: {
    alias: 'IA32_FMASK',
    doc: 'Flags that SYSCALL clears.',
    bits: SFMASK,
  },
  TSC_AUX: {
    alias: 'IA32_TSC_AUX',
    doc: 'What RDTSCP and RDPID return: by custom the number of CPU and node.',
    bits: {
      value: { at: 0, width: 32, display: 'hex', doc: 'Value that RDTSCP puts in ecx.' },
      reserved_32: { at: 32, width: 32, reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0.' },
    },
  },
  VIRT_SPEC_CTRL: {
    doc: 'SSBD for guests on AMD hosts of any kind; laid out as SPEC_CTRL.',
    bits: { reserved_0: rest(0, 2), SSBD: flag(2, 'No speculative store bypass.'), reserved_3: rest(3, 61) },
  },
  DR1_ADDRESS_MASK: addressMask(1),
  DR2_ADDRESS_MASK: addressMask(2),
  DR3_ADDRESS_MASK: addressMask(3),
  DR0_ADDRESS_MASK: addressMask(0),
};

/** Names of the MSRs, by number. */
export const MSR_NAMES: Names = Object.fromEntries(Object.entries(Msr).map(([name, index]) => [index, name]));

const BY_NUMBER: ReadonlyMap<number, MsrText & { readonly name: string }> = new Map(
  Object.entries(MSRS).map(([name, text]) => [Msr[name as MsrName], { ...text, name }]),
);

/** Returns how the value of an MSR reads; its other name is in the meaning, so that a search finds it. */
export function msrOptions(index: number): Omit<IntOptions, 'refine' | 'endian'> {
  const msr = BY_NUMBER.get(index);
  if (!msr) return { display: 'register', doc: 'Value of an MSR that Xen sends of no guest.' };
  const { name, alias, doc, ...how } = msr;
  return { display: 'register', doc: `${name}${alias === undefined ? '' : ` (${alias})`}: ${doc}`, ...how };
}
