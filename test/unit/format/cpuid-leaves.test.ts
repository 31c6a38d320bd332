/** Registers of the leaves: values of real CPUs with the reading that the manuals give, and any value at all. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { decodeNode } from '../../../src/format/kit/decode';
import type { FieldNode } from '../../../src/format/kit/node';
import { encode } from '../../../src/format/kit/parse';
import { CPUID_LEAF, MSR_ENTRY } from '../../../src/format/libxc/policy';
import { cacheOf, cacheText } from '../../../src/format/x86/cpuid/caches';
import type { CpuidLeaf } from '../../../src/format/x86/cpuid/leaf';
import { summarise } from '../../../src/format/x86/cpuid/summary';
import { nodeAt, walkNodes } from '../../fixtures/nodes';

const NONE = 0xffff_ffff;
const REGISTERS = ['eax', 'ebx', 'ecx', 'edx'] as const;

const leaf = (number: number, subleaf: number, eax = 0, ebx = 0, ecx = 0, edx = 0): CpuidLeaf => ({
  leaf: number,
  subleaf,
  eax,
  ebx,
  ecx,
  edx,
});

function decoded(entry: CpuidLeaf, littleEndian = true): FieldNode {
  const bytes = encode(CPUID_LEAF, { ...entry }, littleEndian);
  return decodeNode('leaf', CPUID_LEAF, { bytes, offset: 0, length: 24, claimed: 24, littleEndian });
}

/** Named parts of a register, reserved ones left out. */
const parts = (entry: CpuidLeaf, register: string): Record<string, unknown> =>
  Object.fromEntries(
    (nodeAt(decoded(entry).children ?? [], register).children ?? [])
      .filter(({ name }) => !name.startsWith('reserved_'))
      .map(({ name, value }) => [name, value]),
  );

test('signature, brand, line, processors, APIC id (leaf 1)', () => {
  const one = leaf(1, NONE, 0x0080_0f12, 0x0704_0800);
  expect(parts(one, 'eax')).toEqual({ stepping: 2, model: 1, family: 0xf, type: 0, ext_model: 0, ext_family: 8 });
  expect(nodeAt(decoded(one).children ?? [], 'eax').note).toBe('family 0x17, model 0x1, stepping 2');
  expect(parts(one, 'ebx')).toEqual({ brand_id: 0, clflush_size: 8, lppp: 4, apic_id: 7 });
});

describe('caches of an Intel CPU (leaf 4)', () => {
  const list = [
    leaf(4, 0, 0x1c00_4121, 0x01c0_003f, 0x3f),
    leaf(4, 1, 0x1c00_4122, 0x01c0_003f, 0x3f),
    leaf(4, 2, 0x1c00_4143, 0x00c0_003f, 0x3ff),
    leaf(4, 3, 0x1c03_c163, 0x02c0_003f, 0x1fff, 6),
    leaf(4, 4),
  ];
  const texts = [
    'L1 data 32 KiB, 8-way, 64 B lines',
    'L1 instruction 32 KiB, 8-way, 64 B lines',
    'L2 256 KiB, 4-way, 64 B lines',
    'L3 6 MiB, 12-way, 64 B lines',
  ];

  test('in words', () => {
    expect(summarise(list).caches.map((cache) => cacheText(cache))).toEqual(texts);
    expect(list.map((entry) => nodeAt(decoded(entry).children ?? [], 'ecx').note)).toEqual([...texts, undefined]);
  });

  test('part by part', () => {
    const third = list[3] ?? leaf(4, 3);
    expect(parts(third, 'eax')).toEqual({
      type: 3,
      level: 3,
      self_init: 1,
      fully_assoc: 0,
      threads_per_cache: 15,
      cores_per_package: 7,
    });
    expect(parts(third, 'ebx')).toEqual({ line_size: 63, partitions: 0, ways: 11 });
    expect(parts(third, 'edx')).toEqual({ wbinvd: 0, inclusive: 1, complex: 1 });
  });
});

test('caches of AMD CPUs (leaves 0x80000005, 6)', () => {
  const zen = [
    leaf(0x8000_0005, NONE, 0x01ff_01ff, 0x01ff_01ff, 0x2008_0140, 0x4004_0140),
    leaf(0x8000_0006, NONE, 0, 0x4200_4200, 0x0200_6140, 0x0040_8140),
  ];
  expect(summarise(zen).caches.map((cache) => cacheText(cache))).toEqual([
    'L1 data 32 KiB, 8-way, 64 B lines',
    'L1 instruction 64 KiB, 4-way, 64 B lines',
    'L2 512 KiB, 8-way, 64 B lines',
    'L3 8 MiB, 16-way, 64 B lines',
  ]);
  // Ways told elsewhere (code 9); L2 switched off (code 0).
  const other = [leaf(0x8000_0006, NONE, 0, 0, 0x0200_0140, 0x0100_9140)];
  expect(summarise(other).caches.map((cache) => cacheText(cache))).toEqual(['L3 32 MiB, 64 B lines']);
  expect(cacheOf(leaf(0x8000_001d, NONE, 0x121, 0x01c0_003f, 0x3f))).toMatchObject({ size: 32_768, level: 1, ways: 8 });
});

test('topology (leaves 0xb and 1)', () => {
  expect(parts(leaf(0xb, 1, 1, 2, 0x201), 'ecx')).toEqual({ level: 1, type: 2 });
  expect(parts(leaf(0xb, 1, 1, 2, 0x201), 'eax')).toEqual({ id_shift: 1 });
  const threads = [leaf(1, NONE, 0x306c3, 0x0008_0800, 0, 2 ** 28), leaf(0xb, 0, 1, 2, 0x100)];
  expect(summarise(threads).topology).toEqual({ processors: 8, threadsPerCore: 2 });
  expect(summarise([leaf(1, NONE, 0x306c3, 0x0008_0800)]).topology).toEqual({ processors: 1 });
  const legacy = [leaf(1, NONE, 0x800f12, 0x00ff_0800, 0, 2 ** 28), leaf(0x8000_0001, NONE, 0, 0, 2)];
  expect(summarise([...legacy, leaf(0x8000_0008, NONE, 0x3030, 0, 0x70ff)]).topology).toEqual({ processors: 256 });
});

test('extended state (leaf 0xd)', () => {
  const list = [
    leaf(0xd, 0, 0x207, 0, 0xa88),
    leaf(0xd, 1, 0xf, 0, 0x1800),
    leaf(0xd, 2, 0x100, 0x240),
    leaf(0xd, 9, 8, 0xa80),
    leaf(0xd, 11, 16, 0, 1),
    leaf(0xd, 3),
  ];
  expect(summarise(list)).toMatchObject({
    xstateSize: 0xa88,
    xstate: [
      { number: 2, name: 'YMM', size: 256, offset: 576, supervisor: false },
      { number: 9, name: 'PKRU', size: 8, offset: 2688, supervisor: false },
      { number: 11, name: 'CET_U', size: 16, offset: 0, supervisor: true },
    ],
  });
  const flags = (entry: CpuidLeaf, register: string) => nodeAt(decoded(entry).children ?? [], register).flags;
  expect(flags(leaf(0xd, 0, 0x207), 'eax')).toEqual(['X87', 'SSE', 'YMM', 'PKRU']);
  expect(flags(leaf(0xd, 0, 0, 0, 0, 2 ** 30), 'edx')).toEqual(['LWP']);
  expect(flags(leaf(0xd, 1, 0, 0, 0x1800), 'ecx')).toEqual(['CET_U', 'CET_S']);
  expect(flags(leaf(0xd, 11, 16, 0, 3), 'ecx')).toEqual(['xss', 'align']);
});

test('names, widths, limits', () => {
  const found = summarise([
    leaf(0, NONE, 0x16, 0x756e_6547, 0x6c65_746e, 0x4965_6e69),
    leaf(0x8000_0000, NONE, 0x8000_0008),
    leaf(0x8000_0002, NONE, 0x2044_4d41, 0x4359_5045, 0x6f72_5020, 0x7373_6563),
    leaf(0x8000_0003, NONE, 0x0000_726f),
    leaf(0x8000_0004, NONE),
    leaf(0x8000_0008, NONE, 0x3028),
    leaf(0x4000_0000, NONE, 0x105),
    leaf(0x4000_0100, NONE),
  ]);
  expect(found).toMatchObject({
    vendor: 'GenuineIntel',
    brand: 'AMD EPYC Processor',
    highest: 0x16,
    highestExtended: 0x8000_0008,
    physicalBits: 40,
    linearBits: 48,
    hypervisorLimit: 5,
    viridianXenLimit: 0,
  });
});

test('of a leaf that stands twice the last counts', () => {
  expect(summarise([leaf(0, NONE, 1), leaf(0, NONE, 0xd)]).highest).toBe(0xd);
});

test('MSRs of a policy', () => {
  const flags = (idx: number, val: bigint): FieldNode => {
    const bytes = encode(MSR_ENTRY, { idx, val });
    const node = decodeNode('msr', MSR_ENTRY, { bytes, offset: 0, length: 16, claimed: 16, littleEndian: true });
    return nodeAt(node.children ?? [], 'val');
  };
  expect(flags(0xce, 0x8000_0000n).flags).toEqual(['CPUID_FAULTING']);
  expect(flags(0xce, 0x8000_0000n).problem).toBeUndefined();
  expect(flags(0xce, 2n ** 32n).problem).toBeDefined();
  expect(flags(0x10a, 0x4000_0001_0000_0003n).flags).toEqual(['RDCL_NO', 'EIBRS', 'PB_OPT_CTRL', 'ITS_NO']);
});

/** Every leaf that a policy can hold, and its neighbours. */
const PLACES: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 0x18 }, (_, number) => [number, NONE] as const),
  ...[4, 7, 0xb].flatMap((number) => Array.from({ length: 7 }, (_, subleaf) => [number, subleaf] as const)),
  ...Array.from({ length: 65 }, (_, subleaf) => [0xd, subleaf] as const),
  ...[0x4000_0000, 0x4000_0001, 0x4000_0100].map((number) => [number, NONE] as const),
  ...Array.from({ length: 0x24 }, (_, number) => [0x8000_0000 + number, NONE] as const),
];

test.each(PLACES)(
  'leaf %i:%i: every register says what it is, and its bits are all there, each once',
  (number, subleaf) => {
    const node = decoded(leaf(number, subleaf, NONE, NONE, NONE, NONE));
    for (const register of REGISTERS) {
      const { doc, children = [] } = nodeAt(node.children ?? [], register);
      expect(doc).toMatch(/\.$/u);
      if (children.length === 0) continue;
      let next = 0;
      for (const bits of children) {
        // All ones: the value tells how wide a part is.
        const width = Math.log2(Number(bits.value) + 1);
        expect(bits.doc, bits.name).toMatch(/[.!]$/u);
        const reserved = /^reserved_(\d+)$/u.exec(bits.name)?.[1];
        if (reserved !== undefined) expect(Number(reserved)).toBe(next);
        next += width;
      }
      expect(next, register).toBe(32);
    }
  },
);

const word = fc.integer({ min: 0, max: NONE });
const place = fc.oneof(
  fc.constantFrom(...PLACES),
  fc.tuple(word, word).map(([number, subleaf]) => [number, subleaf] as const),
);

describe('any leaf, any value', () => {
  test.prop([place, fc.tuple(word, word, word, word), fc.boolean()], { numRuns: 400 })(
    'decodes within its 24 bytes',
    ([number, subleaf], [eax, ebx, ecx, edx], little) => {
      const entry = leaf(number, subleaf, eax, ebx, ecx, edx);
      const node = decoded(entry, little);
      for (const one of walkNodes([node])) expect(one.offset + one.length).toBeLessThanOrEqual(24);
      expect(REGISTERS.map((register) => nodeAt(node.children ?? [], register).value)).toEqual([eax, ebx, ecx, edx]);
    },
  );

  test.prop([fc.array(fc.tuple(place, word, word, word, word), { maxLength: 60 })], { numRuns: 200 })(
    'summaries never throw',
    (list) => {
      const leaves = list.map(([[number, subleaf], eax, ebx, ecx, edx]) => leaf(number, subleaf, eax, ebx, ecx, edx));
      const { caches, xstate } = summarise(leaves);
      expect(caches.length).toBeLessThanOrEqual(6);
      expect(xstate.length).toBeLessThanOrEqual(61);
      for (const cache of caches) expect(cacheText(cache)).toMatch(/^L\d/u);
    },
  );
});
