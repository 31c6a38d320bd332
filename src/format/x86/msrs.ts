/** Names of the MSRs that occur in saved domains. Source: arch-x86/xen.h, xen/arch/x86/include/asm/msr-index.h. */
import type { Names } from '../kit/layout';

export const MSR_NAMES: Names = {
  0x0000_0048: 'SPEC_CTRL',
  0x0000_00ce: 'INTEL_PLATFORM_INFO',
  0x0000_010a: 'ARCH_CAPABILITIES',
  0x0000_0140: 'MISC_FEATURES_ENABLES',
  0x0000_06e1: 'PKRS',
  0x0000_0d90: 'BNDCFGS',
  0x0000_0da0: 'XSS',
  0xc000_0103: 'TSC_AUX',
  0xc001_011f: 'VIRT_SPEC_CTRL',
  0xc001_1019: 'DR1_ADDRESS_MASK',
  0xc001_101a: 'DR2_ADDRESS_MASK',
  0xc001_101b: 'DR3_ADDRESS_MASK',
  0xc001_1027: 'DR0_ADDRESS_MASK',
};
