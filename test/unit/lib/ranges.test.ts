import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { upperBound } from '../../../src/lib/bisect';
import { clamp, intersect } from '../../../src/lib/range';

const point = fc.integer({ min: -30, max: 30 });
const range = fc.tuple(point, point).map(([start, end]) => ({ start, end }));
const members = ({ start, end }: { start: number; end: number }): number[] =>
  Array.from({ length: 61 }, (_, index) => index - 30).filter((value) => value >= start && value < end);

test.prop([range, range])('the intersection holds what both ranges hold', (a, b) => {
  const both = members(a).filter((value) => members(b).includes(value));
  const found = intersect(a, b);
  expect(found ? members(found) : []).toEqual(both);
  if (both.length === 0) expect(found).toBeUndefined();
});

test('ranges that only touch do not meet', () => {
  expect(intersect({ start: 0, end: 5 }, { start: 5, end: 9 })).toBeUndefined();
  expect(intersect({ start: 0, end: 6 }, { start: 5, end: 9 })).toEqual({ start: 5, end: 6 });
});

test('clamp', () => {
  expect([clamp(-1, 0, 9), clamp(0, 0, 9), clamp(5, 0, 9), clamp(9, 0, 9), clamp(10, 0, 9)]).toEqual([0, 0, 5, 9, 9]);
});

test.prop([fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), fc.integer({ min: -1, max: 51 })])(
  'upperBound counts the values that are not greater',
  (unsorted, value) => {
    const values = unsorted.toSorted((a, b) => a - b);
    const found = upperBound(values.length, (index) => values[index] ?? Number.NaN, value);
    expect(found).toBe(values.filter((one) => one <= value).length);
  },
);

test('upperBound looks at few of very many values', () => {
  let looks = 0;
  const found = upperBound(
    2 ** 40,
    (index) => {
      looks++;
      return index * 2;
    },
    2 ** 33 + 1,
  );
  expect(found).toBe(2 ** 32 + 1);
  expect(looks).toBeLessThanOrEqual(41);
});
