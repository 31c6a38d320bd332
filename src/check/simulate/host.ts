/** What the policy of the target says of its hardware. */
import type { Simulation } from '../simulation';
import type { CpuTarget } from '../target/target';

/** Components of the extended state that the target's CPU has and Xen uses; undefined where it is not known. */
export function hostComponents(target: CpuTarget | undefined): bigint | undefined {
  const host = target?.host;
  if (!host) return undefined;
  if (!host.has('xsave')) return 0n;
  const leaf = host.leaf(0xd, 0);
  return leaf ? (BigInt(leaf.edx) << 32n) | BigInt(leaf.eax) : 0n;
}

/** MCA capabilities that guests may have: more on Intel than on AMD. Source: xen/arch/x86/cpu/mcheck/vmce.c. */
const INTEL = (1n << 24n) | (1n << 11n) | (1n << 10n) | (1n << 27n);

export function capabilitiesOf(sim: Simulation): bigint | undefined {
  const vendor = sim.target?.host.vendor;
  if (vendor === undefined) return undefined;
  return vendor === 'GenuineIntel' ? INTEL : 0n;
}
