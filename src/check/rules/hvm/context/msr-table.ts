/**
 * MSRs that a CPU_MSR entry may hold, and the values that they take. Source: xen/arch/x86/msr.c, guest_wrmsr(); before
 * 4.12 and 4.13 svm_load_msr() and vmx_load_msr().
 */
import { MSR_NAMES } from '../../../../format/x86/msrs';
import { hex0x } from '../../../../lib/text';
import type { GuestCpu } from '../../../target/guest-cpu';
import { inRange, type VersionRange, type XenVersion } from '../../../kit/xen-version';
import { isCanonical } from '../../../../format/paging/modes';

const fits32 = (value: bigint): boolean => value >> 32n === 0n;

export interface MsrWrite {
  readonly value: bigint;
  readonly xen: XenVersion;
  /** Undefined where nothing is known of it: no reason then hangs on it. */
  readonly cpu: GuestCpu | undefined;
  /** XCR0_accum that was loaded for the VCPU. */
  readonly accum: bigint;
}

interface KnownMsr extends VersionRange {
  /** Up to which version only this maker’s CPUs took it. */
  readonly onlyOn?: { readonly vendor: string; readonly before: XenVersion };
  /** Why Xen refuses the value, in words. */
  readonly fault: (write: MsrWrite) => string | undefined;
}

const WIDE = 'it is wider than 32 bits';
const without = (feature: string): string => `the guest’s CPU has no ${feature}`;

function specCtrl({ value, xen, cpu }: MsrWrite): string | undefined {
  // IBRS and STIBP are valid wherever the MSR is; the rest as far as some version knows it.
  const has = (...names: readonly Parameters<GuestCpu['has']>[0][]): boolean =>
    cpu === undefined || names.some((name) => cpu.has(name));
  if (!(xen < 414 ? has('ibrsb') : has('ibrsb', 'ibrs'))) return without('SPEC_CTRL');
  let valid = 0b11n;
  if (xen < 414 ? has('ssbd') : has('ssbd', 'amd-ssbd')) valid |= 1n << 2n;
  if (xen >= 414 && has('intel-psfd', 'psfd')) valid |= 1n << 7n;
  if (xen >= 415) {
    if (has('ipred-ctrl')) valid |= 0b11n << 3n;
    if (has('rrsba-ctrl')) valid |= 0b11n << 5n;
    if (has('bhi-ctrl')) valid |= 1n << 10n;
  }
  const bad = value & ~valid;
  return bad === 0n ? undefined : `${without('such bits')} of SPEC_CTRL: ${hex0x(bad)}`;
}

function bounds({ value, xen, cpu, accum }: MsrWrite): string | undefined {
  // Before 4.13 zero was always taken, and XCR0 not looked at.
  if (xen < 413 && value === 0n) return undefined;
  if (cpu?.has('mpx') === false) return without('MPX');
  if (!isCanonical(value)) return 'it is not a canonical address';
  if ((value & 0xffcn) !== 0n) return 'reserved bits are set';
  const isOn = (value & 1n) !== 0n;
  return xen >= 413 && isOn && (accum & 0x18n) === 0n
    ? 'MPX is on, but the VCPU has no BNDREGS and BNDCSR state'
    : undefined;
}

const debugMask: KnownMsr = {
  onlyOn: { vendor: 'AuthenticAMD', before: 412 },
  fault: ({ value, cpu }) => (fits32(value) ? (cpu?.has('dbext') === false ? without('DBEXT') : undefined) : WIDE),
};

const KNOWN: Readonly<Record<number, KnownMsr>> = {
  0x48: { from: 410, fault: specCtrl },
  0x140: {
    from: 410,
    fault: ({ value, cpu }) => {
      if (value >> 1n !== 0n) return 'only bit 0 exists';
      return value !== 0n && cpu?.cpuidFaulting === false ? without('CPUID faulting') : undefined;
    },
  },
  0x6e1: {
    from: 418,
    fault: ({ value, cpu }) => (fits32(value) ? (cpu?.has('pks') === false ? without('PKS') : undefined) : WIDE),
  },
  0xd90: { onlyOn: { vendor: 'GenuineIntel', before: 413 }, fault: bounds },
  0xda0: {
    from: 407,
    onlyOn: { vendor: 'GenuineIntel', before: 413 },
    fault: ({ value, xen, cpu }) => {
      if (cpu?.has('xsaves') === false) return without('XSAVES');
      return xen >= 413 && value !== 0n ? 'no guest has supervisor state' : undefined;
    },
  },
  0xc001_011f: { from: 417, fault: ({ cpu }) => (cpu?.has('virt-ssbd') === false ? without('VIRT_SSBD') : undefined) },
  0xc001_1019: debugMask,
  0xc001_101a: debugMask,
  0xc001_101b: debugMask,
  0xc001_1027: debugMask,
};

/** Whether this version loads it at all; `vendor` undefined where the CPU is not known. */
export function isLoaded(index: number, xen: XenVersion, vendor: string | undefined): boolean {
  const known = KNOWN[index];
  if (!known || !inRange(known, xen)) return false;
  const { onlyOn } = known;
  return onlyOn === undefined || xen >= onlyOn.before || vendor === undefined || vendor === onlyOn.vendor;
}

export const msrFault = (index: number, write: MsrWrite): string | undefined => KNOWN[index]?.fault(write);

export const msrName = (index: number): string => MSR_NAMES[index] ?? hex0x(index);
