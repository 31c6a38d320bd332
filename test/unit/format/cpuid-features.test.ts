/** Feature bits: the table of the layouts is that of Xen's header, and each bit of a register reads as its name. */
import { describe, expect, test } from 'vitest';
import { decodeNode } from '../../../src/format/kit/decode';
import { encode } from '../../../src/format/kit/parse';
import { CPUID_LEAF, MSR_ENTRY } from '../../../src/format/libxc/policy';
import { attributeText, FEATURE_WORDS } from '../../../src/format/x86/cpuid/features';
import { COMMON_1D, HEADER_WORDS, headerBits } from '../../fixtures/cpu-features';
import { nodeAt } from '../../fixtures/nodes';

/** `CPUID 0x0000000d:1.eax` taken apart; undefined for halves of the MSR. */
function leafOf(place: string): { leaf: number; subleaf: number; register: string } | undefined {
  const [, leaf = '', subleaf, register = ''] = /^CPUID 0x(\w+)(?::(\d))?\.(\w+)$/u.exec(place) ?? [];
  if (leaf === '') return undefined;
  return {
    leaf: Number.parseInt(leaf, 16),
    subleaf: subleaf === undefined ? 0xffff_ffff : Number(subleaf),
    register,
  };
}

const nodeOf = (place: string, value: number) => {
  const at = leafOf(place);
  const [layout, bytes, path] = at
    ? [CPUID_LEAF, encode(CPUID_LEAF, { leaf: at.leaf, subleaf: at.subleaf, [at.register]: value }), at.register]
    : [MSR_ENTRY, encode(MSR_ENTRY, { idx: 0x10a, val: BigInt(value) << (place.endsWith('hi') ? 32n : 0n) }), 'val'];
  const body = { bytes, offset: 0, length: bytes.length, claimed: bytes.length, littleEndian: true };
  return nodeAt(decodeNode('entry', layout, body).children ?? [], path);
};

const namedFlags = (place: string, value: number): string[] =>
  (nodeOf(place, value).flags ?? []).filter((name) => !name.startsWith('reserved_'));

test('287 bits in 19 words', () => {
  expect(HEADER_WORDS).toHaveLength(19);
  expect(HEADER_WORDS.flatMap(headerBits)).toHaveLength(287);
});

describe.each(HEADER_WORDS.map((word, number) => [word.group, word, number] as const))('%s', (group, word, number) => {
  const bits = headerBits(word);
  const repeated = group === 'e1d' ? COMMON_1D : [];

  test('the table has these bits and no others', () => {
    const table = FEATURE_WORDS[number];
    expect(table?.group).toBe(group);
    expect(
      table?.features.map(([bit, name, attributes]) => ({ bit, name, attributes })).toSorted((a, b) => a.bit - b.bit),
    ).toEqual(bits);
    expect(table?.mirrored?.map(([, name]) => name) ?? []).toEqual(repeated);
    for (const [, name, , doc] of table?.features ?? []) expect(doc, name).toMatch(/^\S.*\.$|3DNow!$/u);
  });

  test('each bit alone reads as its name', () => {
    for (let bit = 0; bit < 32; bit++) {
      const name = bits.find((one) => one.bit === bit)?.name;
      const common = headerBits(HEADER_WORDS[0] ?? word).find((one) => one.bit === bit)?.name ?? '';
      const wanted = name ?? (repeated.includes(common) ? common : undefined);
      expect(namedFlags(word.place, 2 ** bit), `bit ${bit}`).toEqual(wanted === undefined ? [] : [wanted]);
    }
  });

  test('all bits set', () => {
    const all = namedFlags(word.place, 0xffff_ffff);
    expect(all.toSorted()).toEqual([...bits.map(({ name }) => name), ...repeated].toSorted());
    expect(nodeOf(word.place, 0).flags).toBeUndefined();
  });
});

test.each([
  ['A', 'for all guests'],
  ['S', 'for HVM guests'],
  ['h', 'for HVM guests with HAP, only when asked for'],
  ['!A|', 'for all guests; handled specially by Xen; set if any host of a pool has it'],
  ['!', 'handled specially by Xen'],
  ['', 'offered to no guest'],
])('attributes %s', (attributes, words) => {
  expect(attributeText(attributes)).toBe(words);
});
