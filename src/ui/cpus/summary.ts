/** One line on what a vCPU is doing, for its card. */
import { isX2apic } from '../../format/hvm/apic';
import { isSet } from '../../format/kit/bits';
import type { BitRange } from '../../format/kit/layout';
import { VGCF } from '../../format/pv/context-fields';
import { counted, grouped } from '../../lib/text';
import { type CpuRegisters, modeLine, pvModeLine } from '../../format/x86/mode';
import type { RegisterName } from '../../memory/vcpus/part-fields';
import type { VcpuFields } from '../../memory/vcpus/registers';
import type { Parts } from '../../memory/vcpus/parts';

/** Returns a register's value; 0 where it is not there. */
export function wide({ fields }: VcpuFields, name: RegisterName): bigint {
  const value = fields.get(name)?.value;
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : 0n;
}

/** Tells whether a register is there: the file can end before it. */
export function has(vcpu: VcpuFields, name: RegisterName): boolean {
  const value = vcpu.fields.get(name)?.value;
  return typeof value === 'bigint' || typeof value === 'number';
}

/** Returns what the instruction pointer, stack pointer and flags are called in this vCPU’s context. */
export const registerNames = ({
  form,
}: VcpuFields): { readonly pointer: RegisterName; readonly stack: RegisterName; readonly flags: RegisterName } =>
  form === 'pv32'
    ? { pointer: 'eip', stack: 'esp', flags: 'eflags' }
    : { pointer: 'rip', stack: 'rsp', flags: 'rflags' };

/** Tells whether the context of a vCPU has fewer bytes than it claims: the file ends within it. */
export const isCut = ({ length, claimed }: VcpuFields): boolean => length < claimed;

/** Says how much of a context is there, such as `context cut off after 2 551 of 5 168 bytes`. */
export const cutText = ({ length, claimed }: VcpuFields): string =>
  `context cut off after ${grouped(length)} of ${counted(claimed, 'byte')}`;

/** Returns the registers that tell the mode of an HVM vCPU; those that are not there are 0. */
export function registers(vcpu: VcpuFields): CpuRegisters {
  return {
    cr0: wide(vcpu, 'cr0'),
    cr4: wide(vcpu, 'cr4'),
    efer: wide(vcpu, 'msr_efer'),
    rflags: wide(vcpu, 'rflags'),
    csAttributes: Number(wide(vcpu, 'cs_arbytes')),
    ssAttributes: Number(wide(vcpu, 'ss_arbytes')),
  };
}

const isFlagged = (vcpu: VcpuFields, flag: BitRange): boolean => isSet(wide(vcpu, 'flags'), flag);

/**
 * Says what a vCPU is at: `long mode · ring 0 · 4-level paging · interrupts on`, `kernel mode · ring 3 · 4-level
 * paging`.
 */
export function modeText(vcpu: VcpuFields): string {
  if (isCut(vcpu)) return cutText(vcpu);
  switch (vcpu.form) {
    case 'hvm':
      return modeLine(registers(vcpu));
    case 'pv64':
    case 'pv32':
      return pvModeLine({
        width: vcpu.form === 'pv64' ? 8 : 4,
        inKernel: isFlagged(vcpu, VGCF.in_kernel),
        cs: Number(wide(vcpu, 'cs')),
      });
    case 'offline':
      return 'offline: not up when it was saved';
    case 'empty':
      return 'no registers';
    case 'unknown':
      return 'context of unknown size';
  }
}

/** Says `APIC 2 · x2APIC off` of an HVM vCPU; undefined where there is no APIC. */
export function apicText(parts: Parts): string | undefined {
  const base = parts.get('LAPIC')?.fields.get('apic_base_msr')?.value;
  const id = parts.get('LAPIC_REGS')?.fields.get('ID')?.value;
  if (typeof base !== 'bigint') return undefined;
  const isX2 = isX2apic(base);
  // An xAPIC has its id in the highest byte.
  const number = typeof id === 'number' ? [`APIC ${isX2 ? id : id >>> 24}`] : [];
  return [...number, `x2APIC ${isX2 ? 'on' : 'off'}`].join(' · ');
}

/** Tells whether the flags of a PV vCPU say that it is not online; false for other vCPUs, and where the flags are missing. */
export const isOffline = (vcpu: VcpuFields): boolean =>
  (vcpu.form === 'pv64' || vcpu.form === 'pv32') && has(vcpu, 'flags') && !isFlagged(vcpu, VGCF.online);
