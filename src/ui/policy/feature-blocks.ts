/** The feature words of a policy as blocks of bits, and the search in them. */
import { ARCH_CAPABILITIES, FEATURE_WORDS, type FeatureWord } from '../../format/x86/cpuid/features';
import { leafPlace } from '../../format/x86/cpuid/leaves';
import type { FieldNode } from '../../format/kit/node';
import { bigOf, numberOf, childNamed } from './use-entries';

export interface FeatureBit {
  readonly bit: number;
  /** Name as Xen spells it; `<N>`, as xen-cpuid prints it, for a bit that has none. */
  readonly name: string;
  readonly attributes: string;
  readonly doc: string;
  readonly isSet: boolean;
  /** Only repeats a bit of another word. */
  readonly isMirror: boolean;
}

export interface FeatureBlock {
  readonly group: string;
  /** `0x7:0.ebx`, `MSR 0x10a, low half`. */
  readonly place: string;
  /** The register, with its bytes; undefined where the policy does not hold it. */
  readonly register: FieldNode | undefined;
  readonly value: number;
  readonly bits: readonly FeatureBit[];
}

function registerOf(
  { place }: FeatureWord,
  leaves: readonly FieldNode[],
  msrs: readonly FieldNode[],
): { readonly text: string; readonly node: FieldNode | undefined; readonly value: number } {
  if ('leaf' in place) {
    const { leaf, subleaf, register } = place;
    const entry = leaves.findLast((one) => numberOf(one, 'leaf') === leaf && numberOf(one, 'subleaf') === subleaf);
    const node = entry && childNamed(entry, register);
    return { text: `${leafPlace(leaf, subleaf)}.${register}`, node, value: entry ? numberOf(entry, register) : 0 };
  }
  const entry = msrs.findLast((one) => numberOf(one, 'idx') === ARCH_CAPABILITIES);
  const value = entry ? bigOf(entry, 'val') : 0n;
  return {
    text: `MSR 0x10a, ${place.half} half`,
    node: entry && childNamed(entry, 'val'),
    value: Number(place.half === 'low' ? value & 0xffff_ffffn : value >> 32n),
  };
}

const hasBit = (value: number, bit: number): boolean => ((value >>> bit) & 1) === 1;

/**
 * Returns all feature words with their bits as the leaves and MSRs of a policy set them; a bit without a name is listed
 * only where it is set.
 */
export function featureBlocks(leaves: readonly FieldNode[], msrs: readonly FieldNode[]): FeatureBlock[] {
  return FEATURE_WORDS.map((word): FeatureBlock => {
    const { text, node, value } = registerOf(word, leaves, msrs);
    const bits: FeatureBit[] = [];
    for (let bit = 0; bit < 32; bit++) {
      const own = word.features.find(([number]) => number === bit);
      const row = own ?? word.mirrored?.find(([number]) => number === bit);
      const isSet = hasBit(value, bit);
      if (row) {
        const [, name, attributes, doc] = row;
        bits.push({ bit, name, attributes, doc, isSet, isMirror: !own });
      } else if (isSet) {
        bits.push({ bit, name: `<${bit}>`, attributes: '', doc: 'Without a name in Xen.', isSet, isMirror: true });
      }
    }
    return { group: word.group, place: text, register: node, value, bits };
  });
}

/** Returns the bits that are features of their own. */
export const ownBits = ({ bits }: FeatureBlock): readonly FeatureBit[] => bits.filter(({ isMirror }) => !isMirror);

/** `0x7` and `7:0.ebx` name leaves, `7b0` a word, all else a feature. */
function isAbout({ group, place }: FeatureBlock, wanted: string, isNumber: boolean): boolean {
  const where = place.toLowerCase().replace(/^0x/u, '').replace('msr 0x', '');
  if (isNumber) return where.startsWith(wanted.replace(/^0+(?=.)/u, ''));
  return group.toLowerCase() === wanted || (wanted.length > 2 && where.includes(wanted));
}

/** Returns what a search leaves: blocks that it names whole, and of the others the bits whose names have it. */
export function filterBlocks(blocks: readonly FeatureBlock[], query: string, setOnly: boolean): FeatureBlock[] {
  const typed = query.trim().toLowerCase();
  const wanted = typed.replace(/^0x/u, '');
  return blocks.flatMap((block) => {
    const whole = wanted === '' || isAbout(block, wanted, typed !== wanted);
    const bits = block.bits.filter(
      ({ name, isSet, isMirror }) =>
        (whole || name.toLowerCase().includes(wanted)) && (isSet || (!setOnly && !isMirror)),
    );
    return bits.length > 0 || (whole && !setOnly) ? [{ ...block, bits }] : [];
  });
}
