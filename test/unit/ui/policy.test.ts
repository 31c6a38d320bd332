/** The search in the features of a policy. */
import { expect, test } from 'vitest';
import { decodeNode } from '../../../src/format/kit/decode';
import { encode } from '../../../src/format/kit/parse';
import { CPUID_LEAF, MSR_ENTRY } from '../../../src/format/libxc/policy';
import { featureBlocks, filterBlocks, ownBits } from '../../../src/ui/policy/feature-blocks';

const entry = (layout: typeof CPUID_LEAF | typeof MSR_ENTRY, bytes: Uint8Array) =>
  decodeNode('entry', layout, { bytes, offset: 0, length: bytes.length, claimed: bytes.length, littleEndian: true });

const NONE = 0xffff_ffff;
const leaves = [
  // PV guest on an EPYC; bit 22 of 7b0 has no name in Xen.
  { leaf: 7, subleaf: 0, ebx: 0x0088_0129 + 2 ** 22 },
  { leaf: 0x8000_0001, subleaf: NONE, ecx: 0x63, edx: 0x29d1_cbf5 },
].map((values) => entry(CPUID_LEAF, encode(CPUID_LEAF, values)));
const msrs = [entry(MSR_ENTRY, encode(MSR_ENTRY, { idx: 0x10a, val: 2n ** 62n + 1n }))];
const blocks = featureBlocks(leaves, msrs);

/** `group: names`, clear ones in brackets. */
const lines = (query: string, setOnly = false): string[] =>
  filterBlocks(blocks, query, setOnly).map(
    ({ group, bits }) => `${group}: ${bits.map(({ name, isSet }) => (isSet ? name : `(${name})`)).join(' ')}`,
  );

test('names of features', () => {
  expect(lines('avx2')).toEqual(['7b0: AVX2']);
  expect(lines('SMEP')).toEqual(['7b0: (SMEP)']);
  expect(lines('smep', true)).toEqual([]);
  expect(lines('rdcl')).toEqual(['m10Al: RDCL_NO']);
  expect(lines('its_no')).toEqual(['m10Ah: ITS_NO']);
});

test('words and leaves', () => {
  expect(lines('7b0', true)).toEqual(['7b0: FSGSBASE BMI1 AVX2 BMI2 ADX <22> CLFLUSHOPT']);
  const groups = (query: string): string[] => filterBlocks(blocks, query, false).map(({ group }) => group);
  expect(groups('0x7')).toEqual(['7b0', '7c0', '7d0', '7a1', '7b1', '7d2', '7c1', '7d1']);
  expect(groups('7:1')).toEqual(['7a1', '7b1', '7c1', '7d1']);
  expect(groups('80000001')).toEqual(['e1d', 'e1c']);
  expect(groups('0x80000001')).toEqual(['e1d', 'e1c']);
  expect(groups('0x10a')).toEqual(['m10Al', 'm10Ah']);
  expect(groups('e21c')).toEqual(['e21c']);
  expect(groups('no such thing')).toEqual([]);
  expect(groups('')).toHaveLength(19);
});

test('bits that AMD repeats are shown, not counted', () => {
  const e1d = blocks.find(({ group }) => group === 'e1d');
  expect(
    e1d &&
      ownBits(e1d)
        .filter(({ isSet }) => isSet)
        .map(({ name }) => name),
  ).toEqual(['SYSCALL', 'NX', 'MMXEXT', 'RDTSCP', 'LM']);
  expect(lines('e1d', true)).toEqual([
    'e1d: FPU DE TSC MSR PAE MCE CX8 APIC SYSCALL MCA CMOV PAT NX MMXEXT MMX FXSR RDTSCP LM',
  ]);
});

test('a word that the policy does not hold is there without a register', () => {
  const absent = blocks.filter(({ register }) => register === undefined).map(({ group }) => group);
  expect(absent).toEqual(['1d', '1c', 'Da1', 'e7d', 'e8b', '7a1', 'e21a', '7b1', '7d2', '7c1', '7d1', 'e21c']);
});
