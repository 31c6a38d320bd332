/** The CPU that a restored guest will find. */
import { maskOf } from '../../format/kit/bits';
import type { FeatureName } from '../../format/x86/cpuid/features';
import { PLATFORM_INFO } from '../../format/x86/msrs';
import type { CpuPolicy } from './policy';

/** The CPU that the guest will have, as far as it is known: what the stream says, less what the target does not give. */
export interface GuestCpu {
  has(feature: FeatureName): boolean;
  readonly maxPhysAddr: number;
  readonly vendor: string;
  readonly cpuidFaulting: boolean;
}

/** Bit of PLATFORM_INFO, the only one that Xen's policies keep: CPUID in user mode can be made to fault. */
export const CPUID_FAULTING = maskOf(PLATFORM_INFO.CPUID_FAULTING);

/** Returns the CPU of a guest with the policy `own` on a target that gives at most `max`; no limit where that is not known. */
export function guestCpu(own: CpuPolicy, max: CpuPolicy | undefined): GuestCpu {
  return {
    has: (feature) => own.has(feature) && (max === undefined || max.has(feature)),
    maxPhysAddr: Math.min(own.maxPhysAddr, max?.maxPhysAddr ?? own.maxPhysAddr),
    vendor: own.vendor,
    cpuidFaulting: (own.platformInfo & CPUID_FAULTING) !== 0n,
  };
}
