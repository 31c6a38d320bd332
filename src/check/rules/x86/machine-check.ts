/** How Xen refuses machine-check capabilities of a vCPU. Source: xen/arch/x86/cpu/mcheck/vmce.c, vmce_restore_vcpu(). */
import { Errno } from '../../../format/errno';
import { ADVICE } from '../../kit/rule';

/** What each rule about machine-check capabilities says, by release: before 4.13 a release build of Xen said nothing. */
export const MACHINE_CHECK_REFUSALS = (
  [
    { variant: 'invalid', versions: { from: 413 }, errno: Errno.EINVAL },
    { variant: 'not-permitted', versions: { before: 413 }, errno: Errno.EPERM, debug: true },
  ] as const
).map(
  (byRelease) =>
    ({
      ...byRelease,
      layer: 'hypervisor',
      severity: 'fatal',
      certainty: 'target',
      title: 'machine-check capabilities that the target does not have',
      explain:
        'The vendor of the host’s CPU decides: Intel’s gives guests more of the machine-check architecture than AMD’s. Where the target is not known, it is taken to be of the guest’s vendor, and only what no host gives is refused.',
      advice: ADVICE.target,
      source: 'xen/arch/x86/cpu/mcheck/vmce.c: vmce_restore_vcpu()',
    }) as const,
);
