/** Numbers on their way out. */
import { expect, test } from 'vitest';
import { jsonNumber } from '../../../src/lib/number';

test('in JSON no number is rounded', () => {
  expect(jsonNumber(54_562_481_000n)).toBe(54_562_481_000);
  expect(jsonNumber(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991);
  expect(jsonNumber(9_007_199_254_740_993n)).toBe('9007199254740993');
  expect(jsonNumber(0xffff_ffff_ffff_ffffn)).toBe('18446744073709551615');
});
