/** Gates against the pictures in the manuals. */
import { describe, expect, test } from 'vitest';
import {
  callGateMeaning,
  GATE_32,
  GATE_64,
  gateKind,
  gateOf,
  hasHandler,
  isGate,
  REAL_VECTOR,
} from '../../../src/format/x86/gate';
import { testPlaces } from '../../fixtures/layouts';
import { concat, u32, u64 } from '../../fixtures/built/stream';

describe('gate', () =>
  testPlaces(GATE_32, 8, {
    offset_low: [0, 2],
    selector: [2, 2],
    count: [4, 1],
    access: [5, 1],
    offset_high: [6, 2],
  }));
describe('gate of long mode', () =>
  testPlaces(GATE_64, 16, {
    offset_low: [0, 2],
    selector: [2, 2],
    ist: [4, 1],
    access: [5, 1],
    offset_mid: [6, 2],
    offset_high: [8, 4],
    reserved: [12, 4],
  }));
describe('vector of real mode', () => testPlaces(REAL_VECTOR, 4, { offset: [0, 2], segment: [2, 2] }));

const gate32 = (raw: bigint) => gateOf(u64(raw));
const gate64 = (low: bigint, high: bigint) => gateOf(concat(u64(low), u64(high)));

test.each([
  ['interrupt gate', 0x1234_8e00_0008_5678n, 8, 0x1234_5678n, 'interrupt gate'],
  ['trap gate for programs', 0x1234_ef00_0008_5678n, 8, 0x1234_5678n, 'trap gate'],
  // The upper word of an 80286's gate says nothing.
  ['16-bit interrupt gate', 0xffff_8600_0008_5678n, 8, 0x5678n, '16-bit interrupt gate'],
  ['task gate', 0xffff_8500_0050_ffffn, 0x50, 0n, 'task gate'],
  ['not present', 0x1234_0e00_0008_5678n, 8, 0x1234_5678n, 'not present'],
  ['a call gate has no place in the IDT', 0x1234_8c03_0008_5678n, 8, 0x1234_5678n, 'no gate: type 0xc'],
  ['code', 0x00cf_9b00_0000_ffffn, 0, 0x00cf_ffffn, 'no gate: type 0x1b'],
])('of 8 bytes in the IDT: %s', (_, raw, selector, offset, meaning) => {
  const gate = gate32(raw);
  expect(gate).toMatchObject({ selector, offset });
  expect(gateKind(gate, 'IDT', false)).toBe(meaning);
});

test.each([
  // asm_exc_page_fault as Linux has it, #DF on its own stack, int3 for programs.
  ['interrupt gate', 0x81e0_8e00_0010_0b60n, 0, 0xffff_ffff_81e0_0b60n, 'interrupt gate'],
  ['own stack', 0x8102_8e01_0010_7d90n, 1, 0xffff_ffff_8102_7d90n, 'interrupt gate'],
  ['for programs', 0x8102_ee00_0010_7d90n, 0, 0xffff_ffff_8102_7d90n, 'interrupt gate'],
  ['trap gate', 0x8102_8f00_0010_7d90n, 0, 0xffff_ffff_8102_7d90n, 'trap gate'],
  ['no task gates in long mode', 0x8102_8500_0010_7d90n, 0, 0xffff_ffff_8102_7d90n, 'no gate: type 0x5'],
])('of 16 bytes in the IDT: %s', (_, low, ist, offset, meaning) => {
  const gate = gate64(low, 0x0000_0000_ffff_ffffn);
  expect(gate).toMatchObject({ selector: 0x10, offset, ist });
  expect(gateKind(gate, 'IDT', true)).toBe(meaning);
});

test('call gates in GDT and LDT', () => {
  const legacy = gate32(0x1234_ec03_001b_5678n);
  expect(legacy).toEqual({ selector: 0x1b, offset: 0x1234_5678n, attributes: 0xec, ist: 0, count: 3 });
  expect(callGateMeaning(legacy, false)).toBe('call gate · DPL 3 · copies 3 words');
  const long = gate64(0x8102_ec03_0010_7d90n, 0x0000_0000_ffff_ffffn);
  expect(long).toEqual({ selector: 0x10, offset: 0xffff_ffff_8102_7d90n, attributes: 0xec, ist: 0, count: 0 });
  expect(callGateMeaning(long, true)).toBe('call gate · DPL 3');
});

test('a vector of real mode is an address and no more', () => {
  // Of SeaBIOS: f000:e82e, the keyboard's interrupt.
  const vector = gateOf(u32(0xf000_e82e));
  expect(vector).toEqual({ selector: 0xf000, offset: 0xe82en, ist: 0, count: 0 });
  expect(gateKind(vector, 'IDT', false)).toBe('');
  expect(hasHandler(vector, 'IDT', false)).toBe(true);
});

test('what has a place in which table', () => {
  const types = Array.from({ length: 16 }, (_, type) => type);
  const placed = (table: 'IDT' | 'GDT', long: boolean): number[] =>
    types.filter((type) => isGate(0x80 | type, table, long));
  expect(placed('IDT', false)).toEqual([5, 6, 7, 14, 15]);
  expect(placed('IDT', true)).toEqual([14, 15]);
  expect(placed('GDT', false)).toEqual([4, 5, 12]);
  expect(placed('GDT', true)).toEqual([12]);
  // Code and data are no gates, whatever their type.
  expect(types.some((type) => isGate(0x90 | type, 'IDT', false))).toBe(false);
});

test('gates that lead to no code', () => {
  expect(hasHandler(gate32(0x1234_8e00_0008_5678n), 'IDT', false)).toBe(true);
  expect(hasHandler(gate32(0x1234_0e00_0008_5678n), 'IDT', false)).toBe(false);
  expect(hasHandler(gate32(0x1234_8500_0008_5678n), 'IDT', false)).toBe(false);
  expect(hasHandler(gate32(0x1234_8000_0008_5678n), 'IDT', false)).toBe(false);
});
