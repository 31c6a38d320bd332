/** Descriptors and page-table entries against the pictures in the manuals. */
import { describe, expect, test } from 'vitest';
import {
  descriptorSize,
  SEGMENT_DESCRIPTOR,
  segmentOf,
  SYSTEM_DESCRIPTOR_64,
} from '../../../src/format/x86/descriptor';
import { entryFlags, PAGE_TABLE_ENTRY_32, PAGE_TABLE_ENTRY_64 } from '../../../src/format/x86/page-table';
import { addressBitsOf } from '../../../src/format/libxc/policy-facts';
import { testPlaces } from '../../fixtures/layouts';
import { concat, u32, u64 } from '../../fixtures/built/stream';

const SEGMENT = {
  limit_low: [0, 2],
  base_low: [2, 2],
  base_mid: [4, 1],
  access: [5, 1],
  high: [6, 1],
  base_high: [7, 1],
} as const;

describe('segment descriptor', () => testPlaces(SEGMENT_DESCRIPTOR, 8, SEGMENT));
describe('system descriptor of long mode', () =>
  testPlaces(SYSTEM_DESCRIPTOR_64, 16, { ...SEGMENT, base_upper: [8, 4], reserved: [12, 4] }));
describe('page-table entries', () => {
  testPlaces(PAGE_TABLE_ENTRY_64, 8, { entry: [0, 8] });
  testPlaces(PAGE_TABLE_ENTRY_32, 4, { entry: [0, 4] });
});

test.each([
  // Linux's kernel code and data, a 16-bit code segment at 0xf0000, a 32-bit data segment with all of its base bits.
  [0x00af_9b00_0000_ffffn, { base: 0n, limit: 0xffff_ffff, attributes: 0xa9b }],
  [0x00cf_9300_0000_ffffn, { base: 0n, limit: 0xffff_ffff, attributes: 0xc93 }],
  [0x0000_9b0f_0000_ffffn, { base: 0xf0000n, limit: 0xffff, attributes: 0x09b }],
  [0x124a_f334_5678_9abcn, { base: 0x1234_5678n, limit: 0xa_9abc, attributes: 0x4f3 }],
])('descriptor %s', (raw, wanted) => {
  expect(segmentOf(u64(raw))).toEqual(wanted);
});

test('a TSS of long mode has 16 bytes and a base of 64 bits', () => {
  const tss = concat(u64(0x0000_8b34_5678_0067n), u64(0x0000_0000_ffff_8000n));
  expect(descriptorSize(tss, true)).toBe(16);
  expect(descriptorSize(tss, false)).toBe(8);
  expect(descriptorSize(u64(0x00af_9b00_0000_ffffn), true)).toBe(8);
  expect(segmentOf(tss)).toEqual({ base: 0xffff_8000_0034_5678n, limit: 0x67, attributes: 0x8b });
});

test.each([
  ['LDT', 0x82, 16],
  ['TSS', 0x89, 16],
  ['busy TSS', 0x8b, 16],
  ['call gate', 0xec, 16],
  // What is no descriptor of long mode takes one place, and so does an entry that is all zero.
  ['16-bit TSS', 0x81, 8],
  ['interrupt gate', 0x8e, 8],
  ['nothing', 0, 8],
  ['data', 0x92, 8],
])('places of a descriptor in long mode: %s', (_, access, size) => {
  expect(descriptorSize(Uint8Array.of(0, 0, 0, 0, 0, access, 0, 0), true)).toBe(size);
  expect(descriptorSize(Uint8Array.of(0, 0, 0, 0, 0, access, 0, 0), false)).toBe(8);
});

test('flags of an entry by name, lowest first', () => {
  expect(entryFlags(0x8000_0000_0000_0163n)).toEqual(['P', 'RW', 'A', 'D', 'G', 'NX']);
  // Frame, software's bits and protection key are no flags.
  expect(entryFlags(0x7fff_ffff_ffff_fe9cn)).toEqual(['US', 'PWT', 'PCD', 'PS']);
});

const leaf = (number: number, eax: number): Uint8Array =>
  concat(...[number, 0xffff_ffff, eax, 0, 0, 0].map((word) => u32(word)));

test('width of physical addresses', () => {
  expect(addressBitsOf(concat(leaf(0, 0xd), leaf(0x8000_0008, 0x3028)), true)).toBe(40);
  expect(addressBitsOf(leaf(0x8000_0008, 0x30ff), true)).toBeUndefined();
  expect(addressBitsOf(leaf(0, 0xd), true)).toBeUndefined();
  expect(addressBitsOf(leaf(0x8000_0008, 0x3028).subarray(0, 20), true)).toBeUndefined();
});
