/** Features of a guest's CPU that the target does not give, by name and place. */
import { hex } from '../../../lib/text';
import { FEATURE_WORDS, type Register } from '../../../format/x86/cpuid/features';
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
/** Features of one register of one leaf. */
export interface LostWord {
  readonly leaf: number;
  readonly subleaf: number;
  readonly register: Register;
  /** `AVX2 (00000007:0.ebx bit 5)` */
  readonly names: readonly string[];
}

export function lostFeatures(policy: CpuPolicy, max: CpuPolicy): LostWord[] {
  return FEATURE_WORDS.flatMap(({ place, features }) => {
    if (!('leaf' in place)) return [];
    const { leaf, subleaf, register } = place;
    const made = MADE_BY_XEN[`${leaf}:${register}`] ?? 0;
    const gone = (policy.leaf(leaf, subleaf)?.[register] ?? 0) & ~(max.leaf(leaf, subleaf)?.[register] ?? 0) & ~made;
    const names = Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => ((gone >>> bit) & 1) === 1)
      .map((bit) => {
        const name = features.find(([at]) => at === bit)?.[1];
        const where = `${hex(leaf, 8)}${subleaf === NO_SUBLEAF ? '' : `:${subleaf}`}.${register} bit ${bit}`;
        return name === undefined ? where : `${name} (${where})`;
      });
    return names.length > 0 ? [{ leaf, subleaf, register, names }] : [];
  });
}
