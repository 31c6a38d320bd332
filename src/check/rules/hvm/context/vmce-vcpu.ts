/** What Xen looks at in a VMCE_VCPU entry. Source: xen/arch/x86/cpu/mcheck/vmce.c, vmce_restore_vcpu(). */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { fieldsOf } from '../../../../format/kit/fields';
import { VMCE_VCPU } from '../../../../format/x86/vmce';
import { says } from '../../../kit/log-line';
import { refusesCapabilities, supportedCapabilities } from '../../../target/machine-check';
import { MACHINE_CHECK_REFUSALS } from '../../x86/machine-check';
import type { StateRule } from './state';

const field = fieldsOf(VMCE_VCPU, HVM_DESCRIPTOR_SIZE);

export const VMCE_RULES = MACHINE_CHECK_REFUSALS.map((refusal): StateRule<typeof VMCE_VCPU> => ({
  ...refusal,
  id: 'HH-59',
  log: [says.xen('HVM restore: unsupported MCA capabilities %#lx for d{N}v%u (supported: %#lx)')],
  when: (entry) => {
    const { caps } = entry.state;
    return (
      refusesCapabilities(caps, entry) && {
        settled: true,
        values: [caps, entry.instance, supportedCapabilities(entry)],
        at: field('caps'),
      }
    );
  },
}));
