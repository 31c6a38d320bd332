/** What Xen looks at in a CPU entry. Source: xen/arch/x86/hvm/hvm.c, hvm_load_cpu_ctxt(). */
import { HVM_CPU } from '../../../../format/hvm/cpu';
import { CPU_FLAGS } from '../../../../format/hvm/cpu-bits';
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { isSet, maskOf, mustBeZero } from '../../../../format/kit/bits';
import { fieldsOf } from '../../../../format/kit/fields';
import { CR0 } from '../../../../format/x86/registers';
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import { type Hit, ADVICE } from '../../../kit/rule';
import { CPU_ARCH_RULES } from './cpu-arch';
import { CPU_RUN_RULES } from './cpu-run';
import { cr4Valid, eferFault } from './cpu-valid';
import type { HvmStateSubject, StateRule } from './state';

const field = fieldsOf(HVM_CPU, HVM_DESCRIPTOR_SIZE);
const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  advice: ADVICE.copy,
  source: 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_ctxt()',
} as const;

const isWide = (value: bigint): boolean => value >> 32n !== 0n;

const PROTECTED_PAGING = maskOf(CR0.PE) | maskOf(CR0.PG);

function isBadCr0(cr0: bigint): boolean {
  const isPagingAlone = (cr0 & PROTECTED_PAGING) === maskOf(CR0.PG);
  return (cr0 & mustBeZero(CR0)) !== 0n || !isSet(cr0, CR0.ET) || isPagingAlone;
}

function badCr4(entry: HvmStateSubject<typeof HVM_CPU>): Hit | false {
  const { cr4 } = entry.state;
  const valid = cr4Valid(entry);
  const rejected = cr4 & ~valid;
  return (
    rejected !== 0n && {
      values: [cr4, valid, rejected],
      message: `CR4 ${hex0x(cr4)} has bits ${hex0x(rejected)}, which the guest’s CPU does not allow`,
      at: field('cr4'),
    }
  );
}

const cr4 = {
  ...common,
  id: 'HH-16',
  title: 'a CR4 that the guest’s CPU does not allow',
  explain: 'Each bit of CR4 needs a CPU feature that the guest’s policy, and the target, must have.',
  advice: ADVICE.target,
  when: badCr4,
} as const;

export const CPU_RULES: readonly StateRule<typeof HVM_CPU>[] = [
  {
    ...common,
    id: 'HH-14',
    title: 'padding of a CPU entry is set',
    explain: 'It must be zero.',
    versions: { from: 407 },
    when: ({ state }) => state.pad0 !== 0 && { at: field('pad0') },
  },
  {
    ...common,
    id: 'HH-15',
    log: [says.xen('HVM{N} restore: bad CR0 %#lx')],
    title: 'a CR0 that no guest can have',
    explain: 'Reserved bits must be clear, ET set, and paging needs protected mode.',
    when: ({ state: { cr0 } }) =>
      isBadCr0(cr0) && { values: [cr0], message: `CR0 ${hex0x(cr0)}, which no guest can have`, at: field('cr0') },
  },
  {
    ...cr4,
    variant: 'brief',
    versions: { before: 418 },
    log: [says.xen('HVM{N} restore: bad CR4 %#lx')],
  },
  {
    ...cr4,
    variant: 'detailed',
    versions: { from: 418 },
    log: [says.xen('HVM{N} restore: bad CR4 %#lx (valid %#lx, rejected %#lx)')],
  },
  {
    ...common,
    id: 'HH-17',
    log: [says.xen('d{N}v%u: HVM restore: bad EFER %#lx - %s')],
    title: 'an EFER that the guest’s CPU does not allow',
    explain:
      'Each bit of EFER needs a CPU feature that the guest’s policy, and the target, must have, and long mode must fit CR0.',
    advice: ADVICE.target,
    when: (entry) => {
      const { cr0, msr_efer: efer } = entry.state;
      const fault = eferFault(efer, cr0, entry);
      return (
        fault !== undefined && {
          values: [entry.instance, efer, fault],
          message: `EFER ${hex0x(efer)}: ${fault}`,
          at: field('msr_efer'),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-18',
    versions: { from: 418 },
    log: [says.xen('d{N}v%u: HVM restore: bad DR6 %#lx or DR7 %#lx')],
    title: 'a DR6 or DR7 wider than 32 bits',
    explain: 'The upper halves of these registers do not exist.',
    when: ({ instance, state: { dr6, dr7 } }) =>
      (isWide(dr6) || isWide(dr7)) && { values: [instance, dr6, dr7], at: field('dr6', 'dr7') },
  },
  {
    ...common,
    id: 'HH-19',
    versions: { from: 414 },
    log: [says.xen('HVM{N} restore: bad CR3 %#lx')],
    title: 'a CR3 beyond the guest’s physical addresses',
    explain: 'The guest’s policy says how many bits a physical address has.',
    when: ({ state: { cr3 }, cpu }) => {
      // No CPU has more than 52; Xen gives 32 at least.
      const bits = Math.max(32, cpu?.maxPhysAddr ?? 52);
      return (
        cr3 >> BigInt(bits) !== 0n && {
          values: [cr3],
          message: `CR3 ${hex0x(cr3)} has more than ${bits} bits`,
          at: field('cr3'),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-20',
    versions: { from: 407 },
    log: [says.xen('bad flags value in CPU context: %#x')],
    title: 'unknown flags of a CPU entry',
    explain: 'Only bit 0 (the FPU was initialised) exists.',
    when: ({ state: { flags } }) =>
      (BigInt(flags) & mustBeZero(CPU_FLAGS)) !== 0n && { values: [flags], at: field('flags') },
  },
  {
    ...common,
    id: 'HH-21',
    versions: { from: 412 },
    log: [says.xen('d{N}v%u: HVM restore: bad MSR_TSC_AUX %#lx')],
    title: 'a TSC_AUX wider than 32 bits',
    explain: 'The upper half of this MSR does not exist.',
    when: ({ instance, state: { msr_tsc_aux: aux } }) =>
      isWide(aux) && { values: [instance, aux], at: field('msr_tsc_aux') },
  },
  ...CPU_ARCH_RULES,
  ...CPU_RUN_RULES,
];
