/** What Xen looks at in a VMCE_VCPU entry. Source: xen/arch/x86/cpu/mcheck/vmce.c, vmce_restore_vcpu(). */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { fieldsOf } from '../../../../format/kit/fields';
import { VMCE_VCPU } from '../../../../format/x86/vmce';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import { refusesCapabilities, supportedCapabilities } from '../../../target/machine-check';
import type { StateRule } from './state';

const field = fieldsOf(VMCE_VCPU, HVM_DESCRIPTOR_SIZE);

export const VMCE_RULES: readonly StateRule<typeof VMCE_VCPU>[] = [
  {
    id: 'HH-59',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    certainty: 'target',
    log: [says.xen('HVM restore: unsupported MCA capabilities %#lx for dNv%u (supported: %#lx)')],
    title: 'machine-check capabilities that the target does not have',
    explain: 'Guests on Intel CPUs see more of the machine-check architecture than those on AMD.',
    advice: ADVICE.target,
    source: 'xen/arch/x86/cpu/mcheck/vmce.c: vmce_restore_vcpu()',
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
  },
];
