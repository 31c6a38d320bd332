import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { SparseBytes } from '../../../src/lib/sparse-bytes';

const far = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 2 ** 31, max: 2 ** 31 + 50 }), fc.maxSafeNat());

test.prop([fc.array(fc.tuple(far, fc.integer({ min: 1, max: 255 })), { maxLength: 3000 })])(
  'keeps what was put last, near and far',
  (puts) => {
    const bytes = new SparseBytes(256, 10_000);
    for (const [index, value] of puts) bytes.set(index, value);
    for (const [index, value] of new Map(puts)) expect(bytes.get(index)).toBe(value);
    expect([bytes.get(2 ** 40 + 1), bytes.isFull]).toEqual([0, false]);
  },
);

test('of numbers far off so many are kept, and no more', () => {
  const bytes = new SparseBytes(10, 2000);
  for (let index = 0; index < 2001; index++) bytes.set(index * 65_536 + 10, 7);
  expect([bytes.get(1999 * 65_536 + 10), bytes.get(2000 * 65_536 + 10), bytes.isFull]).toEqual([7, 0, true]);
  bytes.set(10, 9);
  expect(bytes.get(10)).toBe(9);
});
