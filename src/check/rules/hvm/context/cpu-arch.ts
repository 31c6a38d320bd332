/**
 * What Xen's code for the CPUs of AMD and Intel looks at in a CPU entry. Sources: xen/arch/x86/hvm/svm/svm.c, vmx/vmx.c.
 */
import { HVM_CPU, HVM_CPU_COMPAT } from '../../../../format/hvm/cpu';
import { EVENT } from '../../../../format/hvm/cpu-bits';
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { bitsOf, isSet } from '../../../../format/kit/bits';
import { fieldsOf } from '../../../../format/kit/fields';
import { sizeOf } from '../../../../format/kit/layout';
import { FRAME_MASK, frameNumber } from '../../../../format/page';
import { CR0 } from '../../../../format/x86/registers';
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import type { Span } from '../../../../lib/range';
import { ADVICE } from '../../../kit/rule';
import type { HvmStateSubject, StateRule } from './state';

type Cpu = HvmStateSubject<typeof HVM_CPU>;

const field = fieldsOf(HVM_CPU, HVM_DESCRIPTOR_SIZE);
const compatField = fieldsOf(HVM_CPU_COMPAT, HVM_DESCRIPTOR_SIZE);

/** Returns where a field behind msr_tsc_aux stands, which an entry of the form before Xen 4.0 does not have. */
const late = ({ length }: Cpu, name: 'pending_event' | 'error_code'): Span =>
  length === sizeOf(HVM_CPU_COMPAT) ? compatField(name) : field(name);

const ARCH = 'xen/arch/x86/hvm/svm/svm.c: svm_vmcb_restore(); vmx/vmx.c: vmx_vmcs_restore()';
const CRASH = 'Xen crashes the new domain, too. Only debug builds say why.';
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, source: ARCH, advice: ADVICE.copy } as const;

const INTEL = 'GenuineIntel';
const isAmdLike = (vendor: string): boolean => vendor === 'AuthenticAMD' || vendor === 'HygonGenuine';

/** The last type of event that SVM has; VMX has two more. */
const LAST_OF_SVM = 4;
const LAST_OF_VMX = 6;
/** No event has this type. */
const NO_TYPE = 1;

const isPending = ({ state }: Cpu): boolean => isSet(state.pending_event, EVENT.valid);
const typeOf = ({ state }: Cpu): number => bitsOf(state.pending_event, EVENT.type);

export const CPU_ARCH_RULES: readonly StateRule<typeof HVM_CPU>[] = [
  {
    ...common,
    id: 'HH-22',
    variant: 'type',
    debug: true,
    log: [says.xen('d{N}v%u: Invalid pending event %#x')],
    title: 'a pending event that cannot be injected',
    explain: `An event that was on its way to the guest is an interrupt, exception or NMI: type 1 and types above 6 do not exist, and reserved bits are clear. ${CRASH}`,
    when: (entry) => {
      const { pending_event: event } = entry.state;
      const type = typeOf(entry);
      const isBad = type === NO_TYPE || type > LAST_OF_VMX || isSet(event, EVENT.reserved);
      return (
        isPending(entry) &&
        isBad && {
          values: [entry.instance, event],
          message: `pending event ${hex0x(event)} cannot be injected`,
          at: late(entry, 'pending_event'),
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
    log: [says.xen('d{N}v%u: Invalid pending event %#x')],
    title: 'a pending event that only Intel CPUs know',
    explain: `Types 5 and 6 are software exceptions of Intel’s VMX; AMD’s SVM has types up to 4. ${CRASH}`,
    advice: 'Restore on an Intel host.',
    when: (entry) => {
      const vendor = entry.target?.host.vendor;
      if (!isPending(entry) || typeOf(entry) <= LAST_OF_SVM || (vendor ?? entry.cpu?.vendor) === INTEL) return false;
      return {
        settled: vendor !== undefined && isAmdLike(vendor),
        values: [entry.instance, entry.state.pending_event],
        at: late(entry, 'pending_event'),
      };
    },
  },
  {
    ...common,
    id: 'HH-23',
    versions: { from: 409 },
    debug: true,
    log: [says.xen('d{N}v%u: Invalid error code %#x')],
    title: 'an error code of a pending event wider than 16 bits',
    explain: `Error codes of exceptions have 16 bits. ${CRASH}`,
    when: (entry) => {
      const { pending_event: event, error_code: code } = entry.state;
      return (
        isPending(entry) &&
        isSet(event, EVENT.error_code_valid) &&
        code > 0xffff && { values: [entry.instance, code], at: late(entry, 'error_code') }
      );
    },
  },
  {
    ...common,
    id: 'HH-24',
    certainty: 'target',
    debug: true,
    log: [says.xen('Invalid CR3 value=%#lx')],
    title: 'CR3 names a page that the stream does not have; this fails only with shadow paging',
    explain: `Without hardware-assisted paging Xen needs the page of the page-table root at once. ${CRASH}`,
    when: ({ state: { cr0, cr3 }, isPopulated }) =>
      isSet(cr0, CR0.PG) && !isPopulated(frameNumber(cr3 & FRAME_MASK)) && { values: [cr3], at: field('cr3') },
  },
];
