/** Bytes found in others. */
import { expect, test } from 'vitest';
import { indexOfBytes } from '../../../src/lib/bytes';

test('the first place from an offset on, and none', () => {
  const bytes = Uint8Array.of(0, 1, 0, 1, 2, 0, 1, 2);
  expect(indexOfBytes(bytes, [0, 1, 2])).toBe(2);
  expect(indexOfBytes(bytes, [0, 1, 2], 3)).toBe(5);
  expect(indexOfBytes(bytes, [1, 2, 3])).toBe(-1);
  expect(indexOfBytes(bytes, [2, 0, 1, 2, 0])).toBe(-1);
  expect(indexOfBytes(bytes, [])).toBe(-1);
});
