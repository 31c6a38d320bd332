/** Features of a guest's CPU that the target does not offer, by name and place. */
import { hex } from '../../../lib/text';
import {
  type FeatureName,
  featurePlace,
  FEATURE_WORDS,
  type FeatureWord,
  type Register,
} from '../../../format/x86/cpuid/features';
import { NO_SUBLEAF } from '../../../format/x86/cpuid/leaf';
import type { CpuPolicy } from '../../target/policy';

/** Features that Xen makes up for a guest as it runs. Source: xen/arch/x86/cpuid.c, guest_cpuid(). */
const MADE_BY_XEN: readonly FeatureName[] = ['osxsave', 'hypervisor', 'apic', 'htt', 'cmp-legacy'];

/** The bits of a word that Xen makes up, copies of another word's included. */
function madeBits({ place, mirrored = [] }: FeatureWord): number {
  const own = MADE_BY_XEN.map(featurePlace).filter((one) => isSameWord(one, place));
  return [...own.map(({ bit }) => bit), ...mirrored.map(([bit]) => bit)].reduce((bits, bit) => bits | (1 << bit), 0);
}

const isSameWord = (one: FeatureWord['place'], other: FeatureWord['place']): boolean =>
  'leaf' in one &&
  'leaf' in other &&
  one.leaf === other.leaf &&
  one.subleaf === other.subleaf &&
  one.register === other.register;

/** Lost features of one register of one leaf. */
export interface LostWord {
  readonly leaf: number;
  readonly subleaf: number;
  readonly register: Register;
  /** `AVX2 (00000007:0.ebx bit 5)` */
  readonly names: readonly string[];
}

/** Returns the features that a policy has and `max`, the most that the target gives, has not. */
export function lostFeatures(policy: CpuPolicy, max: CpuPolicy): LostWord[] {
  return FEATURE_WORDS.flatMap((word) => {
    const { place, features } = word;
    if (!('leaf' in place)) return [];
    const { leaf, subleaf, register } = place;
    const made = madeBits(word);
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
