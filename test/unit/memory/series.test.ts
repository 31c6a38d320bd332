/** Ranges told together: every range stands in some row, and rows are series or single ranges. */
import { fc, test } from '@fast-check/vitest';
import { expect, test as plain } from 'vitest';
import type { Ranges } from '../../../src/memory/space/ranges';
import { SpaceRows } from '../../../src/memory/space/series';

const columns = (list: readonly (readonly [start: number, pages: number, how: number])[]): Ranges => ({
  start: Float64Array.from(list, ([start]) => start),
  pages: Float64Array.from(list, ([, pages]) => pages),
  how: Uint16Array.from(list, ([, , how]) => how),
});

plain('four alike and equally far apart are one row, three are not', () => {
  const rows = new SpaceRows();
  const three = [0, 16, 32].map((start) => [start, 1, 4] as const);
  rows.append(columns([...three, [100, 2, 4]]));
  expect(rows.count).toBe(4);
  rows.append(columns([110, 120, 130, 140, 151].map((start) => [start, 2, 4])));
  expect(rows.count).toBe(5);
  expect(rows.ranges).toBe(9);
  expect(rows.row(3, 48)).toMatchObject({ va: 100n * 4096n, length: 8192, count: 5, stride: 40_960 });
  expect(rows.row(4, 48)).toMatchObject({ va: 151n * 4096n, count: 1 });
  expect(rows.pagesAt(3)).toBe(10);
  expect([99, 100, 101, 102, 109, 110, 141, 142, 150].map((page) => rows.holds(3, page))).toEqual([
    false,
    true,
    true,
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
});

plain('65 536 ranges as Linux has them for espfix are one row', () => {
  const rows = new SpaceRows();
  rows.append(columns(Array.from({ length: 65_536 }, (_, index) => [2 ** 35 + index * 16, 1, 0])));
  expect([rows.count, rows.ranges]).toEqual([1, 65_536]);
});

const RANGE = fc.record({
  gap: fc.constantFrom(1, 1, 1, 3, 15),
  pages: fc.constantFrom(1, 1, 1, 2),
  how: fc.constantFrom(4, 4, 4, 7),
});

test.prop([fc.array(RANGE, { maxLength: 60 }), fc.nat(60)])(
  'each range is in a row, in order, and nothing else is',
  (list, split) => {
    let at = 0;
    const ranges = list.map(({ gap, pages, how }) => {
      const start = at + gap;
      at = start + pages;
      return [start, pages, how] as const;
    });
    const rows = new SpaceRows();
    rows.append(columns(ranges.slice(0, split)));
    rows.append(columns(ranges.slice(split)));
    const listed = Array.from({ length: rows.count }, (_, index) => rows.row(index, 48)).flatMap((row, index) =>
      Array.from({ length: row?.count ?? 0 }, (__, step) => [
        rows.startAt(index) + (step * (row?.stride ?? 0)) / 4096,
        (row?.length ?? 0) / 4096,
      ]),
    );
    expect(listed).toEqual(ranges.map(([start, pages]) => [start, pages]));
  },
);
