/**
 * Xen's feature set: words of 32 feature bits, by leaf and register. Source: public/arch-x86/cpufeatureset.h; names of
 * the words: tools/misc/xen-cpuid.c.
 */
import type { BitRange, Bits } from '../../kit/layout';
import { WORD_E21A, WORD_E21C, WORD_E7D, WORD_E8B } from './words-amd';
import { WORD_M10AH, WORD_M10AL } from './words-arch-caps';
import { WORD_1C, WORD_1D, WORD_DA1, WORD_E1C, WORD_E1D } from './words-basic';
import { WORD_7A1, WORD_7B0, WORD_7C0, WORD_7C1, WORD_7D0, WORD_7D1, WORD_7D2, WORD_7B1 } from './words-structured';
import type { FeatureRow } from './feature-row';
import { NO_SUBLEAF, type RegisterText, withReserved } from './leaf';

/** A register that CPUID returns. */
export type Register = 'eax' | 'ebx' | 'ecx' | 'edx';

/** Where a word stands: in a register of a leaf, or in half of an MSR. */
type WordPlace =
  | { readonly leaf: number; readonly subleaf: number; readonly register: Register }
  | { readonly msr: number; readonly half: 'low' | 'high' };

/** Place of a feature: its bit within that of its word. */
type FeaturePlace = WordPlace & { readonly bit: number };

/** A word of Xen's feature set. */
export interface FeatureWord {
  /** Short name that xen-cpuid prints: leaf, register, subleaf. */
  readonly group: string;
  readonly place: WordPlace;
  readonly features: readonly FeatureRow[];
  /** Bits that only repeat those of word 0. */
  readonly mirrored?: readonly FeatureRow[];
}

/** Number of the MSR that holds the last two words. */
export const ARCH_CAPABILITIES = 0x10a;

const sub = <const F extends readonly FeatureRow[]>(
  group: string,
  number: number,
  subleaf: number,
  register: Register,
  features: F,
) => ({ group, place: { leaf: number, subleaf, register }, features });

const leaf = <const F extends readonly FeatureRow[]>(group: string, number: number, register: Register, features: F) =>
  sub(group, number, NO_SUBLEAF, register, features);

/** AMD repeats these bits of leaf 1.edx in 0x80000001.edx; Xen fills them in for AMD guests. Source: xen/tools/gen-cpuid.py. */
const COMMON_1D = new Set('FPU VME DE PSE TSC MSR PAE MCE CX8 APIC MTRR PGE MCA CMOV PAT PSE36 MMX FXSR'.split(' '));
const MIRRORED = WORD_1D.filter(([, name]) => COMMON_1D.has(name)).map(([bit, name]): FeatureRow => [
  bit,
  name,
  '',
  `Repeats ${name} of leaf 1.edx, on AMD.`,
]);

const WORDS = [
  leaf('1d', 1, 'edx', WORD_1D),
  leaf('1c', 1, 'ecx', WORD_1C),
  { ...leaf('e1d', 0x8000_0001, 'edx', WORD_E1D), mirrored: MIRRORED },
  leaf('e1c', 0x8000_0001, 'ecx', WORD_E1C),
  sub('Da1', 0xd, 1, 'eax', WORD_DA1),
  sub('7b0', 7, 0, 'ebx', WORD_7B0),
  sub('7c0', 7, 0, 'ecx', WORD_7C0),
  leaf('e7d', 0x8000_0007, 'edx', WORD_E7D),
  leaf('e8b', 0x8000_0008, 'ebx', WORD_E8B),
  sub('7d0', 7, 0, 'edx', WORD_7D0),
  sub('7a1', 7, 1, 'eax', WORD_7A1),
  leaf('e21a', 0x8000_0021, 'eax', WORD_E21A),
  sub('7b1', 7, 1, 'ebx', WORD_7B1),
  sub('7d2', 7, 2, 'edx', WORD_7D2),
  sub('7c1', 7, 1, 'ecx', WORD_7C1),
  sub('7d1', 7, 1, 'edx', WORD_7D1),
  { group: 'm10Al', place: { msr: ARCH_CAPABILITIES, half: 'low' }, features: WORD_M10AL },
  { group: 'm10Ah', place: { msr: ARCH_CAPABILITIES, half: 'high' }, features: WORD_M10AH },
  leaf('e21c', 0x8000_0021, 'ecx', WORD_E21C),
] as const satisfies readonly FeatureWord[];

/** All words, by number. */
export const FEATURE_WORDS: readonly FeatureWord[] = WORDS;

type Dashed<S extends string> = S extends `${infer A}_${infer B}` ? `${A}-${Dashed<B>}` : S;

/** Name of a feature as Xen's command line spells it: that of the header in lower case, with dashes. */
export type FeatureName = Dashed<Lowercase<(typeof WORDS)[number]['features'][number][1]>>;

/** Returns the name of a feature as Xen's command line spells it, from that of the header. */
const dashed = (name: string): string => name.toLowerCase().replaceAll('_', '-');

const PLACES: ReadonlyMap<string, FeaturePlace> = new Map(
  FEATURE_WORDS.flatMap(({ place, features }) =>
    features.map(([bit, name]): [string, FeaturePlace] => [dashed(name), { ...place, bit }]),
  ),
);

/** Returns the place of a feature: a bit in a register of a leaf, or in half of an MSR. */
export function featurePlace(name: FeatureName): FeaturePlace {
  const place = PLACES.get(name);
  if (!place) throw new Error(`no feature ${name}`);
  return place;
}

/** Returns the table of all 32 bits of a feature word, from bit `shift` on; those without a name as reserved. */
export function featureBits(word: number, shift = 0): Bits {
  const { features = [], mirrored = [] } = FEATURE_WORDS[word] ?? {};
  const named = [...features, ...mirrored].map(([bit, name, , doc]): [string, BitRange] => [
    name,
    { at: bit + shift, doc },
  ]);
  return withReserved(Object.fromEntries(named), 'Without a name in Xen.', shift);
}

/** Describes a register that is a feature word. */
export const featureWord = (word: number): RegisterText => ({
  doc: `Feature word ${FEATURE_WORDS[word]?.group ?? word}.`,
  bits: featureBits(word),
});

/** Returns what the attributes of a feature say, in words. */
export function attributeText(attributes: string): string {
  const letter = /[ash]/iu.exec(attributes)?.[0];
  const to = { a: 'all guests', s: 'HVM guests', h: 'HVM guests with HAP' }[letter?.toLowerCase() ?? ''];
  const parts = [
    to === undefined ? undefined : `for ${to}${letter === letter?.toUpperCase() ? '' : ', only when asked for'}`,
    attributes.includes('!') ? 'handled specially by Xen' : undefined,
    attributes.includes('|') ? 'set if any host of a pool has it' : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'offered to no guest' : parts.join('; ');
}
