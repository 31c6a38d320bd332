/**
 * What the code for AMD’s and Intel’s CPUs looks at in a CPU entry, and what the CPU itself will. Sources:
 * xen/arch/x86/hvm/svm/svm.c, vmx/vmx.c.
 */
import { hex0x } from '../../../../lib/text';
import { inCpu } from '../../../../format/hvm/cpu';
import { readU32, readU64 } from '../../../../format/kit/bytes';
import { says } from '../../../kit/log-line';
import { type Place, ADVICE } from '../../../kit/rule';
import type { EntryRule, HvmEntrySubject } from './entry';

const At = {
  rip: inCpu('rip'),
  cr0: inCpu('cr0'),
  cr3: inCpu('cr3'),
  cr4: inCpu('cr4'),
  efer: inCpu('msr_efer'),
  pending: inCpu('pending_event'),
  errorCode: inCpu('error_code'),
} as const;
const DESCRIPTOR = 8;
/** Of the form before Xen 4.0, which has no msr_tsc_aux: what follows lies 8 bytes earlier. */
const COMPAT_SIZE = 1016;

const isCpu = ({ typecode }: HvmEntrySubject): boolean => typecode === 2;
const reg = ({ body }: HvmEntrySubject, at: number): bigint => readU64(body, at, true);
const word = ({ body }: HvmEntrySubject, at: number): number => readU32(body, at, true);
const place = (at: number, length = 8): Place => ({ offset: DESCRIPTOR + at, length });
const late = (entry: HvmEntrySubject, at: number): Place => place(entry.length === COMPAT_SIZE ? at - 8 : at, 4);

const ARCH = 'xen/arch/x86/hvm/svm/svm.c: svm_vmcb_restore(); vmx/vmx.c: vmx_vmcs_restore()';
const CRASH = 'Xen crashes the new domain, too. Only debug builds say why.';
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, source: ARCH, advice: ADVICE.copy } as const;

const isAmdLike = (vendor: string): boolean => vendor === 'AuthenticAMD' || vendor === 'HygonGenuine';

interface Pending {
  readonly event: number;
  readonly isValid: boolean;
  readonly type: number;
  readonly hasError: boolean;
  readonly reserved: number;
}

function pendingOf(entry: HvmEntrySubject): Pending {
  const event = word(entry, At.pending);
  return {
    event,
    isValid: event >>> 31 === 1,
    type: (event >>> 8) & 7,
    hasError: ((event >>> 11) & 1) === 1,
    reserved: (event >>> 12) & 0x7_ffff,
  };
}

const PG = 1n << 31n;
const PAE = 1n << 5n;
const LMA = 1n << 10n;
const VMXE = 1n << 13n;
const SVME = 1n << 12n;
const FRAME = 0x000f_ffff_ffff_f000n;
const isLong = (entry: HvmEntrySubject): boolean => isCpu(entry) && (reg(entry, At.efer) & LMA) !== 0n;
const isCanonical = (address: bigint): boolean => BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;

export const CPU_ARCH_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-22',
    variant: 'type',
    debug: true,
    log: [says.xen('dNv%u: Invalid pending event %#x')],
    title: 'a pending event that cannot be injected',
    explain: `An event that was on its way to the guest is an interrupt, exception or NMI: type 1 and types above 6 do not exist, and reserved bits are clear. ${CRASH}`,
    when: (entry) => {
      const { event, isValid, type, reserved } = pendingOf(entry);
      const bad = type === 1 || type > 6 || reserved !== 0;
      return (
        isCpu(entry) &&
        isValid &&
        bad && {
          values: [entry.instance, event],
          message: `pending event ${hex0x(event)} cannot be injected`,
          at: late(entry, At.pending),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-22',
    variant: 'intel-only',
    certainty: 'target',
    versions: { from: 409 },
    debug: true,
    log: [says.xen('dNv%u: Invalid pending event %#x')],
    title: 'a pending event that only Intel CPUs know',
    explain: `Types 5 and 6 are software exceptions of Intel’s VMX; AMD’s SVM has types up to 4. ${CRASH}`,
    advice: 'Restore on an Intel host.',
    when: (entry) => {
      const { event, isValid, type } = pendingOf(entry);
      const vendor = entry.target?.host.vendor;
      if (!isCpu(entry) || !isValid || type < 5 || (vendor ?? entry.cpu?.vendor) === 'GenuineIntel') return false;
      return {
        settled: vendor !== undefined && isAmdLike(vendor),
        values: [entry.instance, event],
        at: late(entry, At.pending),
      };
    },
  },
  {
    ...common,
    id: 'HH-23',
    versions: { from: 409 },
    debug: true,
    log: [says.xen('dNv%u: Invalid error code %#x')],
    title: 'an error code of a pending event wider than 16 bits',
    explain: `Error codes of exceptions have 16 bits. ${CRASH}`,
    when: (entry) => {
      const { isValid, hasError } = pendingOf(entry);
      const code = word(entry, At.errorCode);
      return (
        isCpu(entry) &&
        isValid &&
        hasError &&
        code > 0xffff && { values: [entry.instance, code], at: late(entry, At.errorCode) }
      );
    },
  },
  {
    ...common,
    id: 'HH-24',
    certainty: 'target',
    debug: true,
    log: [says.xen('Invalid CR3 value=%#lx')],
    title: 'CR3 names a page that the stream does not have; only shadow paging minds',
    explain: `Without hardware-assisted paging Xen needs the page of the page-table root at once. ${CRASH}`,
    when: (entry) => {
      const cr3 = reg(entry, At.cr3);
      return (
        isCpu(entry) &&
        (reg(entry, At.cr0) & PG) !== 0n &&
        !entry.isPopulated((cr3 & FRAME) >> 12n) && { values: [cr3], at: place(At.cr3) }
      );
    },
  },
  {
    id: 'HH-66',
    layer: 'spec',
    severity: 'warning',
    title: 'the next instruction is at an address that is not canonical',
    explain:
      'Xen loads it, but in long mode bits 63 to 47 of an address must be equal: the guest faults with its first instruction.',
    advice: ADVICE.copy,
    source: 'Intel SDM vol. 1 § 3.3.7.1',
    when: (entry) => isLong(entry) && !isCanonical(reg(entry, At.rip)) && { at: place(At.rip) },
  },
  {
    id: 'HH-67',
    layer: 'spec',
    severity: 'warning',
    title: 'long mode without PAE: the CPU refuses to run the guest',
    explain: 'Xen loads it, but EFER.LMA needs CR4.PAE: the entry into the guest fails, and Xen crashes the domain.',
    advice: ADVICE.copy,
    source: 'Intel SDM vol. 3C § 26.3.1.1, AMD APM vol. 2 § 15.5.1',
    when: (entry) => isLong(entry) && (reg(entry, At.cr4) & PAE) === 0n && { at: place(At.cr4) },
  },
  {
    id: 'HH-68',
    layer: 'spec',
    severity: 'warning',
    title: 'the guest has VMX turned on: what it runs within it is lost',
    explain:
      'No record holds that the guest has executed VMXON, nor its current VMCS. To the new domain VMX is off, and the next VMX instruction of the hypervisor in the guest faults.',
    advice: 'Stop the guests within, and the hypervisor in the guest (for KVM: unload kvm_intel), and save again.',
    source: 'xen/arch/x86/hvm/vmx/vvmx.c: nvmx_vcpu_initialise(), nvmx_handle_vmx_insn()',
    when: (entry) => isCpu(entry) && (reg(entry, At.cr4) & VMXE) !== 0n && { at: place(At.cr4) },
  },
  {
    id: 'HH-69',
    layer: 'spec',
    severity: 'note',
    title: 'the guest has SVM turned on: no record holds the state of guests within it',
    explain:
      'A hypervisor in the guest that suspended by itself enters its guests anew; one that was saved while such a guest ran is lost, as the registers are then those of that guest.',
    advice: 'Stop the guests within, and save again.',
    source: 'xen/arch/x86/hvm/svm/nestedsvm.c',
    when: (entry) => isCpu(entry) && (reg(entry, At.efer) & SVME) !== 0n && { at: place(At.efer) },
  },
];
