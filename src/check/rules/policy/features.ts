/** Features of a guest's CPU that the target does not give, by name. */
import { hex } from '../../../lib/text';
import { FEATURE_WORDS } from '../../../format/x86/cpuid/features';
import { NO_SUBLEAF } from '../../../format/x86/cpuid/leaf';
import type { CpuPolicy } from '../../target/policy';

/**
 * Bits that Xen makes up for a guest as it runs: APIC, HTT, OSXSAVE, HYPERVISOR, CMP_LEGACY, and the copies of leaf 1
 * that AMD has in leaf 0x80000001. Source: xen/arch/x86/cpuid.c, guest_cpuid().
 */
const MADE_BY_XEN: Readonly<Record<string, number>> = {
  '1:ecx': 0x8800_0000,
  '1:edx': 0x1000_0200,
  // 0x80000001
  '2147483649:ecx': 0x0000_0002,
  '2147483649:edx': 0x0183_f3ff,
};
/** Bits shown; a guest of another kind of CPU loses dozens. */
const LOST_LIMIT = 24;

export function lostFeatures(policy: CpuPolicy, max: CpuPolicy): string[] {
  const lost: string[] = [];
  for (const { place, features } of FEATURE_WORDS) {
    if (!('leaf' in place)) continue;
    const { leaf, subleaf, register } = place;
    const made = MADE_BY_XEN[`${leaf}:${register}`] ?? 0;
    const gone = (policy.leaf(leaf, subleaf)?.[register] ?? 0) & ~(max.leaf(leaf, subleaf)?.[register] ?? 0) & ~made;
    for (let bit = 0; bit < 32; bit++) {
      if (((gone >>> bit) & 1) === 0) continue;
      const name = features.find(([at]) => at === bit)?.[1];
      const where = `${hex(leaf, 8)}${subleaf === NO_SUBLEAF ? '' : `:${subleaf}`}.${register} bit ${bit}`;
      lost.push(name === undefined ? where : `${name} (${where})`);
    }
  }
  return lost.length > LOST_LIMIT ? [...lost.slice(0, LOST_LIMIT), `and ${lost.length - LOST_LIMIT} more`] : lost;
}
