/** What Xen looks at in the CPU entry of an HVM context. Source: xen/arch/x86/hvm/hvm.c, hvm_load_cpu_ctxt(). */
import { hex0x } from '../../../lib/text';
import { readU32, readU64 } from '../../../format/kit/bytes';
import { TODO } from '../../rule';
import type { Feature } from '../../target/policy';
import type { EntryRule, HvmEntrySubject } from './entry';

/** Offsets in struct hvm_hw_cpu. */
const At = {
  cr0: 656,
  cr3: 672,
  cr4: 680,
  dr6: 720,
  efer: 992,
  tscAux: 1000,
  pending: 1016,
  errorCode: 1020,
  flags: 1024,
  pad0: 1028,
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

const CR4_BITS: readonly (readonly [mask: bigint, features: readonly Feature[]])[] = [
  [0x3n, ['vme']],
  [0x4n, ['tsc']],
  [0x8n, ['de']],
  [0x10n, ['pse']],
  [0x20n, ['pae']],
  [0x40n, ['mce', 'mca']],
  [0x80n, ['pge']],
  [0x200n, ['fxsr']],
  [0x400n, ['sse']],
  [0x800n, ['umip']],
  [0x1_0000n, ['fsgsbase']],
  [0x2_0000n, ['pcid']],
  [0x4_0000n, ['xsave']],
  [0x10_0000n, ['smep']],
  [0x20_0000n, ['smap']],
  [0x40_0000n, ['pku']],
  [0x80_0000n, ['cet-ss', 'cet-ibt']],
];
const PCE = 0x100n;
const VMXE = 0x2000n;
const PKS_BIT = 1n << 24n;
const LASS_BIT = 1n << 27n;

/** hvm_cr4_guest_valid_bits(): of a CPU that nothing is known of, all that any could have. */
function cr4Valid({ cpu, nestedHvm, xen }: HvmEntrySubject): bigint {
  const has = (feature: Feature): boolean => cpu === undefined || cpu.has(feature);
  let valid = PCE;
  for (const [mask, features] of CR4_BITS) if (features.some(has)) valid |= mask;
  if (has('vmx') && nestedHvm) valid |= VMXE;
  if (xen >= 418 && has('pks')) valid |= PKS_BIT;
  if (xen >= 422 && has('lass')) valid |= LASS_BIT;
  return valid;
}

const Efer = {
  SCE: 1n,
  LME: 1n << 8n,
  LMA: 1n << 10n,
  NXE: 1n << 11n,
  SVME: 1n << 12n,
  FFXSE: 1n << 14n,
  AIBRSE: 1n << 21n,
} as const;

/** hvm_efer_valid(): the words that Xen prints, undefined where it is content. */
function eferFault(entry: HvmEntrySubject): string | undefined {
  const value = reg(entry, At.efer);
  const { cpu, nestedHvm, xen } = entry;
  const lacks = (feature: Feature): boolean => cpu !== undefined && !cpu.has(feature);
  const known = Efer.SCE | Efer.LME | Efer.LMA | Efer.NXE | Efer.SVME | Efer.FFXSE | (xen >= 418 ? Efer.AIBRSE : 0n);
  const set = (bit: bigint): boolean => (value & bit) !== 0n;
  if ((value & ~known) !== 0n) return 'Unknown bits set';
  if (set(Efer.SCE) && lacks('syscall')) return 'SCE without feature';
  if (set(Efer.LME | Efer.LMA) && lacks('lm')) return 'LME/LMA without feature';
  if (set(Efer.LMA) && (!set(Efer.LME) || (reg(entry, At.cr0) & PG) === 0n)) return 'LMA/LME/CR0.PG inconsistency';
  if (set(Efer.NXE) && lacks('nx')) return 'NXE without feature';
  if (set(Efer.SVME) && (lacks('svm') || !nestedHvm)) return 'SVME without nested virt';
  if (set(Efer.FFXSE) && lacks('ffxsr')) return 'FFXSE without feature';
  return set(Efer.AIBRSE) && lacks('auto-ibrs') ? 'AutoIBRS without feature' : undefined;
}

const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  todo: TODO.copy,
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
    log: ['HVM{N} restore: bad CR0 %#lx'],
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
    versions: { before: 418 },
    log: ['HVM{N} restore: bad CR4 %#lx'],
    title: 'a CR4 that the guest’s CPU does not allow',
    explain: 'Each bit of CR4 needs a CPU feature that the guest’s policy, and the target, must have.',
    todo: TODO.target,
    when: badCr4,
  },
  {
    ...common,
    id: 'HH-16',
    versions: { from: 418 },
    log: ['HVM{N} restore: bad CR4 %#lx (valid %#lx, rejected %#lx)'],
    title: 'a CR4 that the guest’s CPU does not allow',
    explain: 'Each bit of CR4 needs a CPU feature that the guest’s policy, and the target, must have.',
    todo: TODO.target,
    when: badCr4,
  },
  {
    ...common,
    id: 'HH-17',
    log: ['dNv%u: HVM restore: bad EFER %#lx - %s'],
    title: 'an EFER that the guest’s CPU does not allow',
    explain:
      'Each bit of EFER needs a CPU feature that the guest’s policy, and the target, must have, and long mode must fit CR0.',
    todo: TODO.target,
    when: (entry) => {
      const fault = isCpu(entry) ? eferFault(entry) : undefined;
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
    log: ['dNv%u: HVM restore: bad DR6 %#lx or DR7 %#lx'],
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
    log: ['HVM{N} restore: bad CR3 %#lx'],
    title: 'a CR3 beyond the guest’s physical addresses',
    explain: 'The guest’s policy says how many bits a physical address has.',
    when: (entry) => {
      const cr3 = reg(entry, At.cr3);
      const bits = entry.cpu?.maxPhysAddr ?? 52;
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
    log: ['bad flags value in CPU context: %#x'],
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
    log: ['dNv%u: HVM restore: bad MSR_TSC_AUX %#lx'],
    title: 'a TSC_AUX wider than 32 bits',
    explain: 'The upper half of this MSR does not exist.',
    when: (entry) =>
      isCpu(entry) &&
      entry.length > 1016 &&
      reg(entry, At.tscAux) >> 32n !== 0n && { values: [entry.instance, reg(entry, At.tscAux)], at: place(At.tscAux) },
  },
  {
    ...common,
    id: 'HH-22',
    log: ['svm_vmcb restore failed!'],
    title: 'a pending event that cannot be injected',
    explain: 'Type 1 does not exist, types above 6 neither (above 4 on AMD), and reserved bits must be clear.',
    source: 'xen/arch/x86/hvm/svm/svm.c: svm_vmcb_restore(); vmx/vmx.c: vmx_restore_cr0_cr3()',
    when: (entry) => {
      const event = word(entry, At.pending);
      const type = (event >>> 8) & 7;
      const intel =
        entry.target?.host.vendor === 'GenuineIntel' ||
        (entry.target === undefined && entry.cpu?.vendor !== 'AuthenticAMD');
      const bad = type === 1 || type > (intel ? 6 : 4) || ((event >>> 12) & 0x7_ffff) !== 0;
      const lines = [intel ? 'vmx_vmcs restore failed!' : 'svm_vmcb restore failed!'];
      return (
        isCpu(entry) &&
        event >>> 31 === 1 &&
        bad && { log: lines, message: `pending event ${hex0x(event)} cannot be injected`, at: place(At.pending, 4) }
      );
    },
  },
  {
    ...common,
    id: 'HH-23',
    log: ['svm_vmcb restore failed!'],
    title: 'an error code of a pending event wider than 16 bits',
    explain: 'Error codes of exceptions have 16 bits.',
    source: 'xen/arch/x86/hvm/svm/svm.c: svm_vmcb_restore(); vmx/vmx.c',
    when: (entry) => {
      const event = word(entry, At.pending);
      const code = word(entry, At.errorCode);
      return (
        isCpu(entry) &&
        event >>> 31 === 1 &&
        ((event >>> 11) & 1) === 1 &&
        code > 0xffff && { at: place(At.errorCode, 4) }
      );
    },
  },
];
