/** One line on what a VCPU is doing, for its card. */
import type { FieldNode } from '../../format/kit/node';
import { counted, grouped } from '../../lib/text';
import { type CpuRegisters, modeLine, pvModeLine } from '../../format/x86/mode';
import type { VcpuFields } from './vcpus';

export function wide({ fields }: VcpuFields, name: string): bigint {
  const value = fields.get(name)?.value;
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : 0n;
}

/** Whether a register is there: the file can end before it. */
export function has(vcpu: VcpuFields, name: string): boolean {
  const value = vcpu.fields.get(name)?.value;
  return typeof value === 'bigint' || typeof value === 'number';
}

/** What a register is called in this VCPU's context. */
export const registerNames = ({
  form,
}: VcpuFields): { readonly pointer: string; readonly stack: string; readonly flags: string } =>
  form === 'pv32'
    ? { pointer: 'eip', stack: 'esp', flags: 'eflags' }
    : { pointer: 'rip', stack: 'rsp', flags: 'rflags' };

export const isCut = ({ length, claimed }: VcpuFields): boolean => length < claimed;

/** `context cut off after 2 551 of 5 168 bytes` */
export const cutText = ({ length, claimed }: VcpuFields): string =>
  `context cut off after ${grouped(length)} of ${counted(claimed, 'byte')}`;

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

const isFlagged = (node: FieldNode | undefined, flag: string): boolean => node?.flags?.includes(flag) ?? false;

/** `long mode · ring 0 · 4-level paging · interrupts on`, `kernel mode · ring 3 · 4-level paging`. */
export function modeText(vcpu: VcpuFields): string {
  if (isCut(vcpu)) return cutText(vcpu);
  switch (vcpu.form) {
    case 'hvm':
      return modeLine(registers(vcpu));
    case 'pv64':
    case 'pv32':
      return pvModeLine({
        width: vcpu.form === 'pv64' ? 8 : 4,
        inKernel: isFlagged(vcpu.fields.get('flags'), 'in_kernel'),
        cs: Number(wide(vcpu, 'cs')),
      });
    case 'empty':
      return 'no registers';
    case 'unknown':
      return 'context of unknown size';
  }
}

export const isOffline = (vcpu: VcpuFields): boolean =>
  (vcpu.form === 'pv64' || vcpu.form === 'pv32') &&
  has(vcpu, 'flags') &&
  !isFlagged(vcpu.fields.get('flags'), 'online');
