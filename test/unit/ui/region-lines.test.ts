/** Lines of bytes of a record: where pointer and keys lead, and that nothing leads out of it. */
import { describe, expect, test } from 'vitest';
import { regionLines } from '../../../src/ui/record/region-lines';

// Starts and ends within a line: the first holds 0x18 … 0x1f, the last 0x40 … 0x44.
const lines = regionLines({ start: 0x18, end: 0x45 });

test('lines stand on multiples of sixteen, whatever the record starts at', () => {
  expect(lines.count).toBe(4);
  expect(lines.lineOf(0x18)).toBe(0);
  expect(lines.lineOf(0x1f)).toBe(0);
  expect(lines.lineOf(0x20)).toBe(1);
  expect(lines.lineOf(0x44)).toBe(3);
  expect(lines.lineOf(0x17)).toBe(-1);
  expect(lines.lineOf(0x45)).toBe(-1);
});

test('the pointer is on the bytes of the region only', () => {
  expect(lines.positionAt(0, 8, false)).toBe(0x18);
  expect(lines.positionAt(0, 7, false)).toBeUndefined();
  expect(lines.positionAt(3, 4, false)).toBe(0x44);
  expect(lines.positionAt(3, 5, false)).toBeUndefined();
  expect(lines.positionAt(1, undefined, false)).toBeUndefined();
});

test('a region without bytes has no lines', () => {
  const none = regionLines({ start: 0x20, end: 0x20 });
  expect(none.count).toBe(0);
  expect(none.lineOf(0x20)).toBe(-1);
});

describe('keys', () => {
  test.each([
    [0x22, 'ArrowLeft', false, 0x21],
    [0x22, 'ArrowRight', false, 0x23],
    [0x32, 'ArrowUp', false, 0x22],
    [0x22, 'ArrowDown', false, 0x32],
    [0x22, 'Home', false, 0x20],
    [0x22, 'End', false, 0x2f],
    [0x32, 'PageUp', false, 0x18],
    [0x22, 'PageDown', false, 0x42],
    [0x22, 'Home', true, 0x18],
    [0x22, 'End', true, 0x44],
    // Never out of the region.
    [0x18, 'ArrowLeft', false, 0x18],
    [0x18, 'ArrowUp', false, 0x18],
    [0x1a, 'Home', false, 0x18],
    [0x44, 'ArrowRight', false, 0x44],
    [0x42, 'End', false, 0x44],
    [0x22, 'a', false, undefined],
  ])('from %i, %s (with Control: %s) leads to %i', (at, key, ctrlKey, to) => {
    expect(lines.target(at, { key, ctrlKey, metaKey: false }, 2)).toBe(to);
  });
});
