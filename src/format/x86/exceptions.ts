/** Exception vectors. Source: xen/arch/x86/include/asm/x86-defns.h (X86_EXC_*). */
import type { Names } from '../kit/layout';

/** Names of the exception vectors. */
export const EXCEPTION_NAMES: Names = {
  0: '#DE divide error',
  1: '#DB debug',
  2: 'NMI',
  3: '#BP breakpoint',
  4: '#OF overflow',
  5: '#BR bound range',
  6: '#UD invalid opcode',
  7: '#NM device not available',
  8: '#DF double fault',
  9: 'coprocessor segment overrun',
  10: '#TS invalid TSS',
  11: '#NP segment not present',
  12: '#SS stack fault',
  13: '#GP general protection',
  14: '#PF page fault',
  15: 'spurious interrupt',
  16: '#MF x87 error',
  17: '#AC alignment check',
  18: '#MC machine check',
  19: '#XM SIMD error',
  20: '#VE virtualisation',
  21: '#CP control-flow protection',
  28: '#HV hypervisor injection',
  29: '#VC VMM communication',
  30: '#SX security',
};
