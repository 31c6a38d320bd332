/**
 * The mode that a CPU runs in, told from its registers. Source: AMD APM vol. 2 § 1.3 and 5.1, Intel SDM vol. 3A § 2.2.
 *
 * Whether it was halted or blocked is not told: Xen keeps that outside of what it saves. A vCPU that is down is not in
 * the stream at all. Nor do the registers of a PV guest tell whether it takes events: its mask is in its vcpu_info.
 */

import { isSet } from '../kit/bits';
import { CR0, CR4, EFER, RFLAGS } from './registers';
import { ARBYTES } from './segment';
import { FLAT_CS32 } from './selector';

/** The registers that tell the mode of a CPU. */
export interface CpuRegisters {
  readonly cr0: bigint;
  readonly cr4: bigint;
  readonly efer: bigint;
  readonly rflags: bigint;
  /** Attributes in packed form, as in `ARBYTES`. */
  readonly csAttributes: number;
  readonly ssAttributes: number;
}

/** A mode of an x86 CPU. */
export type Mode = 'long mode' | 'compatibility mode' | 'protected mode' | 'virtual-8086 mode' | 'real mode';

/** Returns the mode that a CPU runs in. */
export function modeOf({ cr0, efer, rflags, csAttributes }: CpuRegisters): Mode {
  if (!isSet(cr0, CR0.PE)) return 'real mode';
  if (isSet(efer, EFER.LMA)) return isSet(csAttributes, ARBYTES.L) ? 'long mode' : 'compatibility mode';
  return isSet(rflags, RFLAGS.VM) ? 'virtual-8086 mode' : 'protected mode';
}

/** Returns the privilege level: that of the stack segment, which unlike the code segment's is always the current one. */
const ringOf = ({ ssAttributes }: CpuRegisters): number => (ssAttributes >> 5) & 3;

function pagingOf({ cr0, cr4, efer }: CpuRegisters): string {
  if (!isSet(cr0, CR0.PG)) return 'paging off';
  if (isSet(efer, EFER.LMA)) return isSet(cr4, CR4.LA57) ? '5-level paging' : '4-level paging';
  return isSet(cr4, CR4.PAE) ? 'PAE paging' : '2-level paging';
}

/** Returns a CPU's mode in one line: `long mode · ring 0 · 4-level paging · interrupts on`. */
export function modeLine(registers: CpuRegisters): string {
  const mode = modeOf(registers);
  const ring = mode === 'real mode' || mode === 'virtual-8086 mode' ? [] : [`ring ${ringOf(registers)}`];
  const interrupts = isSet(registers.rflags, RFLAGS.IF) ? 'interrupts on' : 'interrupts off';
  return [mode, ...ring, pagingOf(registers), interrupts].join(' · ');
}

/** Returns a PV vCPU's mode in one line: `kernel mode · ring 3 · 4-level paging`, `user mode · ring 3 · PAE paging`. */
export function pvModeLine(guest: { readonly width: 4 | 8; readonly inKernel: boolean; readonly cs: number }): string {
  const mode = guest.inKernel ? 'kernel mode' : 'user mode';
  const code = guest.width === 8 && guest.cs === FLAT_CS32 ? ['32-bit code'] : [];
  const paging = guest.width === 8 ? '4-level paging' : 'PAE paging';
  return [mode, ...code, `ring ${guest.cs & 3}`, paging].join(' · ');
}
