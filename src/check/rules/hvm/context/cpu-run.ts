/** What Xen takes in a CPU entry, and the CPU or the guest will not. */
import { HVM_CPU } from '../../../../format/hvm/cpu';
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { isSet } from '../../../../format/kit/bits';
import { fieldsOf } from '../../../../format/kit/fields';
import { isCanonical } from '../../../../format/paging/modes';
import { CR4, EFER } from '../../../../format/x86/registers';
import { ADVICE } from '../../../kit/rule';
import type { HvmStateSubject, StateRule } from './state';

const field = fieldsOf(HVM_CPU, HVM_DESCRIPTOR_SIZE);
const common = { layer: 'spec', severity: 'warning', advice: ADVICE.copy } as const;

const isLong = ({ state }: HvmStateSubject<typeof HVM_CPU>): boolean => isSet(state.msr_efer, EFER.LMA);

export const CPU_RUN_RULES: readonly StateRule<typeof HVM_CPU>[] = [
  {
    ...common,
    id: 'HH-66',
    title: 'the next instruction is at an address that is not canonical',
    explain:
      'Xen loads it, but in long mode bits 63 to 47 of an address must be equal: the guest faults with its first instruction.',
    source: 'Intel SDM vol. 1 § 3.3.7.1',
    when: (entry) => isLong(entry) && !isCanonical(entry.state.rip) && { at: field('rip') },
  },
  {
    ...common,
    id: 'HH-67',
    title: 'long mode without PAE: the CPU refuses to run the guest',
    explain: 'Xen loads it, but EFER.LMA needs CR4.PAE: the entry into the guest fails, and Xen crashes the domain.',
    source: 'Intel SDM vol. 3C § 26.3.1.1, AMD APM vol. 2 § 15.5.1',
    when: (entry) => isLong(entry) && !isSet(entry.state.cr4, CR4.PAE) && { at: field('cr4') },
  },
  {
    ...common,
    id: 'HH-68',
    title: 'the guest has VMX turned on: what it runs within it is lost',
    explain:
      'No record holds that the guest has executed VMXON, nor its current VMCS. To the new domain VMX is off, and the next VMX instruction of the hypervisor in the guest faults.',
    advice: 'Stop the guests within, and the hypervisor in the guest (for KVM: unload kvm_intel), and save again.',
    source: 'xen/arch/x86/hvm/vmx/vvmx.c: nvmx_vcpu_initialise(), nvmx_handle_vmx_insn()',
    when: ({ state }) => isSet(state.cr4, CR4.VMXE) && { at: field('cr4') },
  },
  {
    ...common,
    id: 'HH-69',
    severity: 'note',
    title: 'the guest has SVM turned on: no record holds the state of guests within it',
    explain:
      'A hypervisor in the guest that suspended by itself enters its guests anew; one that was saved while such a guest ran is lost, as the registers are then those of that guest.',
    advice: 'Stop the guests within, and save again.',
    source: 'xen/arch/x86/hvm/svm/nestedsvm.c',
    when: ({ state }) => isSet(state.msr_efer, EFER.SVME) && { at: field('msr_efer') },
  },
];
