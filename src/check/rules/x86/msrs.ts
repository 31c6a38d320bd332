/** Which MSRs of a PV guest Xen loads, and with which values. Source: xen/arch/x86/msr.c, guest_wrmsr(). */
import type { GuestCpu } from '../../target/guest-cpu';

const Msr = {
  SPEC_CTRL: 0x48,
  MISC_FEATURES_ENABLES: 0x140,
  TSC_AUX: 0xc000_0103,
  DR1_MASK: 0xc001_1019,
  DR3_MASK: 0xc001_101b,
  DR0_MASK: 0xc001_1027,
} as const;

const isDebugMask = (index: number): boolean =>
  index === Msr.DR0_MASK || (index >= Msr.DR1_MASK && index <= Msr.DR3_MASK);

/** MSRs that a PV record may hold. */
export const isPvMsr = (index: number): boolean =>
  index === Msr.SPEC_CTRL || index === Msr.MISC_FEATURES_ENABLES || index === Msr.TSC_AUX || isDebugMask(index);

const fits32 = (value: bigint): boolean => value >> 32n === 0n;

function specCtrlBits(cpu: GuestCpu): bigint {
  let bits = 0b11n;
  if (cpu.has('ssbd') || cpu.has('amd-ssbd')) bits |= 1n << 2n;
  if (cpu.has('ipred-ctrl')) bits |= 0b11n << 3n;
  if (cpu.has('rrsba-ctrl')) bits |= 0b11n << 5n;
  if (cpu.has('intel-psfd') || cpu.has('psfd')) bits |= 1n << 7n;
  if (cpu.has('bhi-ctrl')) bits |= 1n << 10n;
  return bits;
}

/** Why a value would be refused; undefined where it is taken, or where nothing is known of the guest's CPU. */
export function msrFault(index: number, value: bigint, cpu: GuestCpu | undefined): string | undefined {
  if ((index === Msr.TSC_AUX || isDebugMask(index)) && !fits32(value)) return 'wider than 32 bits';
  if (index === Msr.MISC_FEATURES_ENABLES && (value & ~1n) !== 0n) return 'only bit 0 exists';
  if (!cpu) return undefined;
  if (index === Msr.SPEC_CTRL) {
    if (!cpu.has('ibrsb') && !cpu.has('ibrs')) return 'the guest’s CPUID policy has no IBRS';
    return (value & ~specCtrlBits(cpu)) === 0n ? undefined : 'bits that the guest’s CPUID policy does not allow';
  }
  if (index === Msr.MISC_FEATURES_ENABLES)
    return (value & 1n) === 0n || cpu.cpuidFaulting ? undefined : 'the guest’s policy has no CPUID faulting';
  if (index === Msr.TSC_AUX)
    return cpu.has('rdtscp') || cpu.has('rdpid') ? undefined : 'the guest’s CPUID policy has neither RDTSCP nor RDPID';
  return cpu.has('dbext') ? undefined : 'the guest’s CPUID policy has no breakpoint extensions (DBEXT)';
}
