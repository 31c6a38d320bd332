/** What becomes of the policy that the guest had. */
import { type Rule, TODO } from '../../rule';
import { lostFeatures } from './features';
import type { PolicyRecords } from './records';

export const GUEST_POLICY_RULES: readonly Rule<PolicyRecords>[] = [
  {
    id: 'HO-12',
    layer: 'hypervisor',
    severity: 'note',
    certainty: 'target',
    title: 'CPU features that the target does not give are taken from the guest',
    explain:
      'Xen clears them without a word. A guest that has found a feature and goes on using it fails after the restore.',
    todo: TODO.target,
    source: 'xen/arch/x86/cpu-policy.c: recalculate_cpuid_policy()',
    when: ({ policy, max, leaves }) => {
      if (leaves.length === 0) return false;
      if (!max)
        return {
          settled: false,
          message: 'whether the target gives all CPU features that the guest has is not known: give its xen-cpuid -p',
        };
      const lost = lostFeatures(policy, max);
      return (
        lost.length > 0 && { settled: true, message: `CPU features that the target does not give: ${lost.join(', ')}` }
      );
    },
  },
  {
    id: 'HO-14',
    layer: 'libxl',
    severity: 'note',
    title: 'the stream holds no CPUID policy: libxl makes one up from the configuration and the target',
    explain: 'Streams of Xen 4.13 and older hold none. The guest may find features that it did not have, or miss some.',
    todo: 'Restore on a host of the same CPU and give the cpuid= of the configuration.',
    source: 'tools/libs/light/libxl_cpuid.c: libxl__cpuid_legacy()',
    when: ({ leaves }) => leaves.length === 0,
  },
];
