/** What the policy of the target says of its hardware. */
import type { Simulation } from './simulation';

/** MCA capabilities that guests may have: more on Intel than on AMD. Source: xen/arch/x86/cpu/mcheck/vmce.c. */
const INTEL = (1n << 24n) | (1n << 11n) | (1n << 10n) | (1n << 27n);

export function capabilitiesOf(sim: Simulation): bigint | undefined {
  const vendor = sim.target?.host.vendor;
  if (vendor === undefined) return undefined;
  return vendor === 'GenuineIntel' ? INTEL : 0n;
}
