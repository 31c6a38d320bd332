/** What Xen looks at in the CPU entry of an HVM context. Source: xen/arch/x86/hvm/hvm.c, hvm_load_cpu_ctxt(). */
import { hex0x } from '../../../../lib/text';
import { inCpu } from '../../../../format/hvm/cpu';
import { readU32, readU64 } from '../../../../format/kit/bytes';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import { CPU_ARCH_RULES } from './cpu-arch';
import { cr4Valid, eferFault } from './cpu-valid';
import type { EntryRule, HvmEntrySubject } from './entry';

const At = {
  cr0: inCpu('cr0'),
  cr3: inCpu('cr3'),
  cr4: inCpu('cr4'),
  dr6: inCpu('dr6'),
  efer: inCpu('msr_efer'),
  tscAux: inCpu('msr_tsc_aux'),
  flags: inCpu('flags'),
  pad0: inCpu('pad0'),
} as const;
const DESCRIPTOR = 8;

const isCpu = ({ typecode }: HvmEntrySubject): boolean => typecode === 2;
const reg = ({ body }: HvmEntrySubject, at: number): bigint => readU64(body, at, true);
const word = ({ body }: HvmEntrySubject, at: number): number => readU32(body, at, true);
const place = (at: number, length = 8) => ({ offset: DESCRIPTOR + at, length });

const PE = 1n;
const ET = 1n << 4n;
const PG = 1n << 31n;
/** PE, MP, EM, TS, ET, NE, WP, AM, NW, CD, PG. */
const CR0_KNOWN = 0xe005_003fn;

const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  advice: ADVICE.copy,
  source: 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_ctxt()',
} as const;

const badCr4 = (entry: HvmEntrySubject) => {
  const cr4 = reg(entry, At.cr4);
  const valid = cr4Valid(entry);
  const rejected = cr4 & ~valid;
  return (
    isCpu(entry) &&
    rejected !== 0n && {
      values: [cr4, valid, rejected],
      message: `CR4 ${hex0x(cr4)} has bits ${hex0x(rejected)}, which the guest’s CPU does not allow`,
      at: place(At.cr4),
    }
  );
};

export const CPU_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-14',
    title: 'padding of a CPU entry is set',
    explain: 'It must be zero.',
    versions: { from: 407 },
    when: (entry) => isCpu(entry) && entry.length > At.pad0 && word(entry, At.pad0) !== 0 && { at: place(At.pad0, 4) },
  },
  {
    ...common,
    id: 'HH-15',
    log: [says.xen('HVM{N} restore: bad CR0 %#lx')],
    title: 'a CR0 that no guest can have',
    explain: 'Reserved bits must be clear, ET set, and paging needs protected mode.',
    when: (entry) => {
      const cr0 = reg(entry, At.cr0);
      const bad = (cr0 & ~CR0_KNOWN) !== 0n || (cr0 & ET) === 0n || (cr0 & (PE | PG)) === PG;
      return (
        isCpu(entry) &&
        bad && { values: [cr0], message: `CR0 ${hex0x(cr0)}, which no guest can have`, at: place(At.cr0) }
      );
    },
  },
  {
    ...common,
    id: 'HH-16',
    variant: 'brief',
    versions: { before: 418 },
    log: [says.xen('HVM{N} restore: bad CR4 %#lx')],
    title: 'a CR4 that the guest’s CPU does not allow',
    explain: 'Each bit of CR4 needs a CPU feature that the guest’s policy, and the target, must have.',
    advice: ADVICE.target,
    when: badCr4,
  },
  {
    ...common,
    id: 'HH-16',
    variant: 'detailed',
    versions: { from: 418 },
    log: [says.xen('HVM{N} restore: bad CR4 %#lx (valid %#lx, rejected %#lx)')],
    title: 'a CR4 that the guest’s CPU does not allow',
    explain: 'Each bit of CR4 needs a CPU feature that the guest’s policy, and the target, must have.',
    advice: ADVICE.target,
    when: badCr4,
  },
  {
    ...common,
    id: 'HH-17',
    log: [says.xen('dNv%u: HVM restore: bad EFER %#lx - %s')],
    title: 'an EFER that the guest’s CPU does not allow',
    explain:
      'Each bit of EFER needs a CPU feature that the guest’s policy, and the target, must have, and long mode must fit CR0.',
    advice: ADVICE.target,
    when: (entry) => {
      const fault = isCpu(entry) ? eferFault(reg(entry, At.efer), reg(entry, At.cr0), entry) : undefined;
      const efer = reg(entry, At.efer);
      return (
        fault !== undefined && {
          values: [entry.instance, efer, fault],
          message: `EFER ${hex0x(efer)}: ${fault}`,
          at: place(At.efer),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-18',
    versions: { from: 418 },
    log: [says.xen('dNv%u: HVM restore: bad DR6 %#lx or DR7 %#lx')],
    title: 'a DR6 or DR7 wider than 32 bits',
    explain: 'The upper halves of these registers do not exist.',
    when: (entry) => {
      const dr6 = reg(entry, At.dr6);
      const dr7 = reg(entry, At.dr6 + 8);
      return (
        isCpu(entry) &&
        (dr6 >> 32n !== 0n || dr7 >> 32n !== 0n) && { values: [entry.instance, dr6, dr7], at: place(At.dr6, 16) }
      );
    },
  },
  {
    ...common,
    id: 'HH-19',
    versions: { from: 414 },
    log: [says.xen('HVM{N} restore: bad CR3 %#lx')],
    title: 'a CR3 beyond the guest’s physical addresses',
    explain: 'The guest’s policy says how many bits a physical address has.',
    when: (entry) => {
      const cr3 = reg(entry, At.cr3);
      // No CPU has more than 52; Xen gives 32 at least.
      const bits = Math.max(32, entry.cpu?.maxPhysAddr ?? 52);
      return (
        isCpu(entry) &&
        cr3 >> BigInt(bits) !== 0n && {
          values: [cr3],
          message: `CR3 ${hex0x(cr3)} has more than ${bits} bits`,
          at: place(At.cr3),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-20',
    versions: { from: 407 },
    log: [says.xen('bad flags value in CPU context: %#x')],
    title: 'flags of a CPU entry that do not exist',
    explain: 'Only bit 0 (the FPU was initialised) exists.',
    when: (entry) =>
      isCpu(entry) &&
      entry.length > At.flags &&
      (word(entry, At.flags) & ~1) !== 0 && { values: [word(entry, At.flags)], at: place(At.flags, 4) },
  },
  {
    ...common,
    id: 'HH-21',
    versions: { from: 412 },
    log: [says.xen('dNv%u: HVM restore: bad MSR_TSC_AUX %#lx')],
    title: 'a TSC_AUX wider than 32 bits',
    explain: 'The upper half of this MSR does not exist.',
    when: (entry) =>
      isCpu(entry) &&
      entry.length > 1016 &&
      reg(entry, At.tscAux) >> 32n !== 0n && { values: [entry.instance, reg(entry, At.tscAux)], at: place(At.tscAux) },
  },
  ...CPU_ARCH_RULES,
];
