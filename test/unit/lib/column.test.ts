import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import {
  float64Column,
  int32Column,
  uint16Column,
  uint32Column,
  uint8Column,
  WideColumn,
} from '../../../src/lib/column';

/** Sizes around the chunk of 16384. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 60, max: 130 }),
  fc.integer({ min: 16_380, max: 16_390 }),
  fc.integer({ min: 32_760, max: 32_775 }),
);

test.prop([fc.array(fc.record({ push: fc.boolean(), size }), { maxLength: 6 }), fc.nat(), fc.nat()])(
  'grows like an array, by values and by whole batches',
  (parts, a, b) => {
    const column = float64Column();
    const truth: number[] = [];
    for (const part of parts) {
      const values = Float64Array.from({ length: part.size }, (_, index) => truth.length + index + 0.5);
      if (part.push) for (const value of values) column.push(value);
      else column.append(values);
      truth.push(...values);
    }
    expect(column.length).toBe(truth.length);
    const [start = 0, end = 0] = [a % (truth.length + 1), b % (truth.length + 1)].toSorted((x, y) => x - y);
    expect(Array.from(column.slice(start, end))).toEqual(truth.slice(start, end));
    for (const index of [0, 16_383, 16_384, truth.length - 1]) {
      if (index >= 0 && index < truth.length) expect(column.at(index)).toBe(truth[index]);
    }
  },
);

test('outside of it there is no value', () => {
  const column = uint32Column();
  column.push(7);
  expect([column.at(-1), column.at(0), column.at(1), column.at(1e9)]).toEqual([Number.NaN, 7, Number.NaN, Number.NaN]);
});

test('set changes what is there and nothing else', () => {
  const column = uint8Column();
  column.append(Uint8Array.of(1, 2, 3));
  column.set(1, 20);
  column.set(3, 30);
  column.set(-1, 10);
  expect(Array.from(column.slice(0, 3))).toEqual([1, 20, 3]);
  expect(column.length).toBe(3);
});

test('a slice is a copy', () => {
  const column = int32Column();
  column.append(Int32Array.of(-1, -2));
  column.slice(0, 2)[0] = 99;
  expect(column.at(0)).toBe(-1);
});

test('keeps each kind of number as its array does', () => {
  const wide = float64Column();
  wide.push(2 ** 52 + 1);
  const small = uint16Column();
  small.push(65_535);
  expect([wide.at(0), small.at(0)]).toEqual([4_503_599_627_370_497, 65_535]);
});

test('takes room as it is used: little at first, then chunk by chunk', () => {
  const column = uint16Column();
  const sizes = [1, 64, 65, 16_384, 16_385].map((length) => {
    while (column.length < length) column.push(length);
    return column.byteLength;
  });
  // Of one value, and of a chunk of one value, no more than that is kept.
  expect(sizes).toEqual([2, 2 * 64, 2 * 128, 2 * 16_384, 2 * 16_384 + 2]);
});

test('a chunk of one value is one value, until there is another', () => {
  const column = int32Column();
  column.append(new Int32Array(40_000).fill(-1));
  expect(column.byteLength).toBe(3 * 4);
  column.push(-1);
  expect([column.byteLength, column.at(0), column.at(39_999), column.at(40_000)]).toEqual([12, -1, -1, -1]);
  column.push(5);
  expect([column.byteLength, column.at(40_000), column.at(40_001)]).toEqual([8 + 4 * 16_384, -1, 5]);
  column.set(3, 7);
  expect([column.at(2), column.at(3), column.at(4)]).toEqual([-1, 7, -1]);
  expect(Array.from(column.slice(16_383, 16_386))).toEqual([-1, -1, -1]);
});

test.prop([fc.array(fc.oneof(fc.constant(7), fc.maxSafeNat()), { maxLength: 200 })])(
  'a wide column keeps whole numbers as they are',
  (values) => {
    const column = new WideColumn();
    column.append(Float64Array.from(values));
    expect(Array.from(column.slice(0, values.length))).toEqual(values);
    expect(column.at(values.length)).toBeNaN();
  },
);

test.prop([size, fc.nat(), size])('cut short, it goes on from there', (length, end, more) => {
  const column = uint32Column();
  const truth = Array.from({ length }, (_, index) => index);
  column.append(Uint32Array.from(truth));
  const kept = end % (length + 2);
  column.cut(kept);
  truth.length = Math.min(kept, length);
  for (let index = 0; index < more; index++) {
    column.push(index + 7);
    truth.push(index + 7);
  }
  expect(Array.from(column.slice(0, column.length))).toEqual(truth);
});
