/** The text of xen-cpuid -p, as tools/misc/xen-cpuid.c prints it. */
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { parsePolicyText } from '../../../src/format/x86/cpuid/policy-text';

const TEXT = `Xen reports there are maximum 120 leaves and 2 MSRs
Raw policy: 50 leaves, 2 MSRs
 CPUID:
  leaf     subleaf  -> eax      ebx      ecx      edx     
  00000000:ffffffff -> 0000000d:68747541:444d4163:69746e65
  8000001d:ffffffff -> 00000121:01c0003f:0000003f:00000001
 MSRs:
  index    -> value           
  000000ce -> 0000000080000000
HVM Max policy not supported by Xen
PV Default policy: 0 leaves, 1 MSRs
 CPUID:
  leaf     subleaf  -> eax      ebx      ecx      edx     
 MSRs:
  index    -> value           
  0000010a -> 4000000100000003
`;

const EXPECTED = [
  {
    name: 'Raw',
    leafCount: 50,
    msrCount: 2,
    leaves: [
      { leaf: 0, subleaf: 0xffff_ffff, eax: 0xd, ebx: 0x6874_7541, ecx: 0x444d_4163, edx: 0x6974_6e65 },
      { leaf: 0x8000_001d, subleaf: 0xffff_ffff, eax: 0x121, ebx: 0x01c0_003f, ecx: 0x3f, edx: 1 },
    ],
    msrs: [{ idx: 0xce, val: 0x8000_0000n }],
  },
  {
    name: 'PV Default',
    leafCount: 0,
    msrCount: 1,
    leaves: [],
    msrs: [{ idx: 0x10a, val: 0x4000_0001_0000_0003n }],
  },
];

test('policies in order, with what their headings say', () => {
  expect(parsePolicyText(TEXT)).toEqual(EXPECTED);
});

test('line ends of another system', () => {
  expect(parsePolicyText(TEXT.replaceAll('\n', '\r\n'))).toEqual(EXPECTED);
});

test('entries before any heading belong to none', () => {
  expect(parsePolicyText('  000000ce -> 0000000080000000\n')).toEqual([]);
});

test.prop([fc.string({ maxLength: 2000, unit: 'binary' })], { numRuns: 200 })('any text', (text) => {
  expect(() => parsePolicyText(text)).not.toThrow();
});

test.prop([fc.nat({ max: TEXT.length }), fc.nat({ max: 400 }), fc.string({ maxLength: 8 })], { numRuns: 200 })(
  'this text with a piece cut out or put in',
  (at, length, put) => {
    const policies = parsePolicyText(TEXT.slice(0, at) + put + TEXT.slice(at + length));
    expect(policies.length).toBeLessThanOrEqual(2);
  },
);

test('a file of another kind, and long lines, are no work', () => {
  expect(parsePolicyText('x'.repeat(4_000_000))).toEqual([]);
  expect(parsePolicyText(`${' '.repeat(2_000_000)}\n`.repeat(2))).toEqual([]);
  expect(parsePolicyText('\n'.repeat(4_000_000))).toEqual([]);
});
