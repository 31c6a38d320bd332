/**
 * MSRs that a CPU_MSR entry may hold, and the values that they take. Source: xen/arch/x86/msr.c, guest_wrmsr(); before
 * 4.12 and 4.13 svm_load_msr() and vmx_load_msr().
 */
import { isSet, maskOf, mustBeZero } from '../../../../format/kit/bits';
import { isCanonical } from '../../../../format/paging/modes';
import { BNDCFGS, MISC_FEATURES, Msr, SPEC_CTRL } from '../../../../format/x86/msrs';
import { Component, componentMask } from '../../../../format/x86/xcr0';
import { hex0x } from '../../../../lib/text';
import type { GuestCpu } from '../../../target/guest-cpu';
import { inRange, type VersionRange, type XenVersion } from '../../../kit/xen-version';

const BOUNDS = componentMask(Component.BNDREGS, Component.BNDCSR);
const fits32 = (value: bigint): boolean => value >> 32n === 0n;

/** A value that Xen is to write to an MSR of a guest. */
export interface MsrWrite {
  readonly value: bigint;
  readonly xen: XenVersion;
  /** Undefined where nothing is known of it: no reason then hangs on it. */
  readonly cpu: GuestCpu | undefined;
  /** XCR0_accum that was loaded for the vCPU. */
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
  let valid = maskOf(SPEC_CTRL.IBRS) | maskOf(SPEC_CTRL.STIBP);
  if (xen < 414 ? has('ssbd') : has('ssbd', 'amd-ssbd')) valid |= maskOf(SPEC_CTRL.SSBD);
  if (xen >= 414 && has('intel-psfd', 'psfd')) valid |= maskOf(SPEC_CTRL.PSFD);
  if (xen >= 415) {
    if (has('ipred-ctrl')) valid |= maskOf(SPEC_CTRL.IPRED_DIS_U) | maskOf(SPEC_CTRL.IPRED_DIS_S);
    if (has('rrsba-ctrl')) valid |= maskOf(SPEC_CTRL.RRSBA_DIS_U) | maskOf(SPEC_CTRL.RRSBA_DIS_S);
    if (has('bhi-ctrl')) valid |= maskOf(SPEC_CTRL.BHI_DIS_S);
  }
  const bad = value & ~valid;
  return bad === 0n ? undefined : `${without('such bits')} of SPEC_CTRL: ${hex0x(bad)}`;
}

function bounds({ value, xen, cpu, accum }: MsrWrite): string | undefined {
  // Before 4.13 zero was always taken, and XCR0 not looked at.
  if (xen < 413 && value === 0n) return undefined;
  if (cpu?.has('mpx') === false) return without('MPX');
  if (!isCanonical(value)) return 'it is not a canonical address';
  if ((value & mustBeZero(BNDCFGS)) !== 0n) return 'reserved bits are set';
  const isOn = isSet(value, BNDCFGS.ENABLE);
  return xen >= 413 && isOn && (accum & BOUNDS) === 0n
    ? 'MPX is on, but the vCPU has no BNDREGS and BNDCSR state'
    : undefined;
}

const debugMask: KnownMsr = {
  onlyOn: { vendor: 'AuthenticAMD', before: 412 },
  fault: ({ value, cpu }) => (fits32(value) ? (cpu?.has('dbext') === false ? without('DBEXT') : undefined) : WIDE),
};

const KNOWN: Readonly<Record<number, KnownMsr>> = {
  [Msr.SPEC_CTRL]: { from: 410, fault: specCtrl },
  [Msr.INTEL_MISC_FEATURES_ENABLES]: {
    from: 410,
    fault: ({ value, cpu }) => {
      if ((value & ~maskOf(MISC_FEATURES.CPUID_FAULTING)) !== 0n) return 'only bit 0 exists';
      return value !== 0n && cpu?.cpuidFaulting === false ? without('CPUID faulting') : undefined;
    },
  },
  [Msr.PKRS]: {
    from: 418,
    fault: ({ value, cpu }) => (fits32(value) ? (cpu?.has('pks') === false ? without('PKS') : undefined) : WIDE),
  },
  [Msr.BNDCFGS]: { onlyOn: { vendor: 'GenuineIntel', before: 413 }, fault: bounds },
  [Msr.XSS]: {
    from: 407,
    onlyOn: { vendor: 'GenuineIntel', before: 413 },
    fault: ({ value, xen, cpu }) => {
      if (cpu?.has('xsaves') === false) return without('XSAVES');
      return xen >= 413 && value !== 0n ? 'no guest has supervisor state' : undefined;
    },
  },
  [Msr.VIRT_SPEC_CTRL]: {
    from: 417,
    fault: ({ cpu }) => (cpu?.has('virt-ssbd') === false ? without('VIRT_SSBD') : undefined),
  },
  [Msr.DR0_ADDRESS_MASK]: debugMask,
  [Msr.DR1_ADDRESS_MASK]: debugMask,
  [Msr.DR2_ADDRESS_MASK]: debugMask,
  [Msr.DR3_ADDRESS_MASK]: debugMask,
};

/** Returns whether this version loads the MSR at all; `vendor` undefined where the CPU is not known. */
export function isLoaded(index: number, xen: XenVersion, vendor: string | undefined): boolean {
  const known = KNOWN[index];
  if (!known || !inRange(known, xen)) return false;
  const { onlyOn } = known;
  return onlyOn === undefined || xen >= onlyOn.before || vendor === undefined || vendor === onlyOn.vendor;
}

/** Returns why Xen refuses the value, in words; undefined where it takes it. */
export const msrFault = (index: number, write: MsrWrite): string | undefined => KNOWN[index]?.fault(write);
