/** Which MSRs of a PV guest Xen loads, and with which values. Source: xen/arch/x86/msr.c, guest_wrmsr(). */
import { maskOf } from '../../../format/kit/bits';
import { MISC_FEATURES, Msr, SPEC_CTRL } from '../../../format/x86/msrs';
import type { GuestCpu } from '../../target/guest-cpu';

const DEBUG_MASKS: readonly number[] = [
  Msr.DR0_ADDRESS_MASK,
  Msr.DR1_ADDRESS_MASK,
  Msr.DR2_ADDRESS_MASK,
  Msr.DR3_ADDRESS_MASK,
];

/** MSRs that Xen sends of a PV vCPU, and loads again. Source: xen/arch/x86/domctl.c, msrs_to_send[]. */
export const PV_MSRS: readonly number[] = [Msr.SPEC_CTRL, Msr.INTEL_MISC_FEATURES_ENABLES, Msr.TSC_AUX, ...DEBUG_MASKS];

const fits32 = (value: bigint): boolean => value >> 32n === 0n;

/** Bits of SPEC_CTRL that a guest can set. Source: xen/arch/x86/msr.c, msr_spec_ctrl_valid_bits(). */
function specCtrlBits(cpu: GuestCpu): bigint {
  let bits = maskOf(SPEC_CTRL.IBRS) | maskOf(SPEC_CTRL.STIBP);
  if (cpu.has('ssbd') || cpu.has('amd-ssbd')) bits |= maskOf(SPEC_CTRL.SSBD);
  if (cpu.has('ipred-ctrl')) bits |= maskOf(SPEC_CTRL.IPRED_DIS_U) | maskOf(SPEC_CTRL.IPRED_DIS_S);
  if (cpu.has('rrsba-ctrl')) bits |= maskOf(SPEC_CTRL.RRSBA_DIS_U) | maskOf(SPEC_CTRL.RRSBA_DIS_S);
  if (cpu.has('intel-psfd') || cpu.has('psfd')) bits |= maskOf(SPEC_CTRL.PSFD);
  if (cpu.has('bhi-ctrl')) bits |= maskOf(SPEC_CTRL.BHI_DIS_S);
  return bits;
}

const CPUID_FAULTING = maskOf(MISC_FEATURES.CPUID_FAULTING);

/** Returns why Xen refuses a value, in words; undefined where it takes it, or where nothing is known of the guest's CPU. */
export function msrFault(index: number, value: bigint, cpu: GuestCpu | undefined): string | undefined {
  if ((index === Msr.TSC_AUX || DEBUG_MASKS.includes(index)) && !fits32(value)) return 'wider than 32 bits';
  if (index === Msr.INTEL_MISC_FEATURES_ENABLES && (value & ~CPUID_FAULTING) !== 0n) return 'only bit 0 exists';
  if (!cpu) return undefined;
  switch (index) {
    case Msr.SPEC_CTRL:
      if (!cpu.has('ibrsb') && !cpu.has('ibrs')) return 'the guest’s CPUID policy has no IBRS';
      return (value & ~specCtrlBits(cpu)) === 0n ? undefined : 'bits that the guest’s CPUID policy does not allow';
    case Msr.INTEL_MISC_FEATURES_ENABLES:
      return value === 0n || cpu.cpuidFaulting ? undefined : 'the guest’s policy has no CPUID faulting';
    case Msr.TSC_AUX:
      return cpu.has('rdtscp') || cpu.has('rdpid')
        ? undefined
        : 'the guest’s CPUID policy has neither RDTSCP nor RDPID';
    default:
      return cpu.has('dbext') ? undefined : 'the guest’s CPUID policy has no breakpoint extensions (DBEXT)';
  }
}
