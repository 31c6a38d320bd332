/** What becomes of the policy that the guest had. */
import { type Rule, ADVICE } from '../../kit/rule';
import type { GuestKind } from '../../target/target';
import type { LostWord } from './features';
import { indexOf, type PolicyRecords, registerAt } from './records';

interface Lost {
  readonly records: PolicyRecords;
  /** One register’s worth of them; undefined where nothing is known of the target, or nothing is lost. */
  readonly lost: LostWord | undefined;
  /** An image of this other kind of guest was given for the target. */
  readonly otherKind: GuestKind | undefined;
}

export const LOST_RULES: readonly Rule<Lost>[] = [
  {
    id: 'HO-12',
    layer: 'hypervisor',
    severity: 'note',
    certainty: 'target',
    title: 'CPU features that the target does not offer are taken from the guest',
    explain:
      'Xen clears them silently. A guest that has detected a feature and keeps using it fails after the restore.',
    advice: ADVICE.target,
    source: 'xen/arch/x86/cpu-policy.c: recalculate_cpuid_policy()',
    when: ({ records, lost, otherKind }) => {
      if (records.leaves.length === 0) return false;
      if (!lost)
        return (
          records.max === undefined && {
            settled: false,
            message: `whether the target gives all CPU features that the guest has is not known: ${otherKind === undefined ? '' : `the image given for it is of ${otherKind === 'pv' ? 'a PV' : 'an HVM'} guest, which gets others; `}give its xen-cpuid -p`,
          }
        );
      const { leaf, subleaf, register, names } = lost;
      return {
        settled: true,
        message: `CPU features that the target does not offer: ${names.join(', ')}`,
        at: registerAt(records, indexOf(records, leaf, subleaf), register),
      };
    },
  },
];

export const GUEST_POLICY_RULES: readonly Rule<PolicyRecords>[] = [
  {
    id: 'HO-14',
    layer: 'libxl',
    severity: 'note',
    title: 'the stream holds no CPUID policy: libxl makes one up from the configuration and the target',
    explain: 'Streams of Xen 4.13 and older hold none. The guest may find features that it did not have, or miss some.',
    advice: 'Restore on a host of the same CPU and give the cpuid= of the configuration.',
    source: 'tools/libs/light/libxl_cpuid.c: libxl__cpuid_legacy()',
    when: ({ leaves }) => leaves.length === 0,
  },
];
