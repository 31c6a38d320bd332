/** Times and sets of numbers as people read them. */
import { expect, test } from 'vitest';
import { asRuns, setBits } from '../../../src/lib/bit-set';
import { duration, ticksToNs } from '../../../src/lib/duration';

test.each([
  [0n, '0 ns'],
  [840n, '840 ns'],
  [1000n, '1 µs'],
  [54_925_400n, '54.925 ms'],
  [28_040_000_000n, '28.04 s'],
  [59_999_999_999n, '59.999 s'],
  [60_000_000_000n, '1 min 0 s'],
  [119_960_000_000n, '2 min 0 s'],
  [7_503_200_000_000n, '2 h 5 min 3.2 s'],
  [3_456_720_000_000_000n, '40 d 0 h 12 min 0 s'],
  [-1_500_000n, '−1.5 ms'],
])('%i ns is %s', (ns, text) => {
  expect(duration(ns)).toBe(text);
});

test('ticks of a clock', () => {
  expect(ticksToNs(1_193_182, 1_193_182n)).toBe(1_000_000_000n);
  expect(ticksToNs(2n ** 64n - 1n, 1n)).toBe((2n ** 64n - 1n) * 1_000_000_000n);
});

test('sets of bits', () => {
  expect(setBits(0)).toEqual([]);
  expect(setBits(0x8000_0001)).toEqual([0, 31]);
  expect(setBits(1n << 63n, 64)).toEqual([127]);
  expect(asRuns([])).toBe('none');
  expect(asRuns([1, 4, 5, 6, 7, 9, 10])).toBe('1, 4–7, 9, 10');
});
