/** One line on what a VCPU is doing, for its card. */
import type { FieldNode } from '../../format/kit/node';
import { type CpuRegisters, modeLine } from '../../format/x86/mode';
import type { VcpuFields } from './vcpus';

export function wide({ fields }: VcpuFields, name: string): bigint {
  const value = fields.get(name)?.value;
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : 0n;
}

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

const has = (node: FieldNode | undefined, flag: string): boolean => node?.flags?.includes(flag) ?? false;

/** `long mode · ring 0 · 4-level paging`, `kernel mode · ring 3 · 4-level paging`. */
export function modeText(vcpu: VcpuFields): string {
  switch (vcpu.form) {
    case 'hvm':
      return modeLine(registers(vcpu));
    case 'pv64': {
      const flags = vcpu.fields.get('flags');
      const mode = has(flags, 'in_kernel') ? 'kernel mode' : 'user mode';
      return `${mode} · ring ${wide(vcpu, 'cs') & 3n} · 4-level paging`;
    }
    case 'pv32':
      return '32-bit PV';
    case 'empty':
      return 'no registers';
    case 'unknown':
      return 'context of unknown size';
  }
}

export const isOffline = (vcpu: VcpuFields): boolean =>
  vcpu.form === 'pv64' && !has(vcpu.fields.get('flags'), 'online');
