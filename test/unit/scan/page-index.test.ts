/** The page index against a plain list of every mention. */
import { mentionsOf } from '../../fixtures/scanning';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { PageIndex, type PageOccurrence, type PageRun, RUN_LIMIT } from '../../../src/scan/pages';

/** PFNs crowded around a few places: the start, a granule's edge, the end of the table of 16 TiB, the highest there is. */
const pfn = fc.oneof(
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 2 ** 32 - 1500, max: 2 ** 32 + 1500 }),
  fc.integer({ min: 2 ** 52 - 3000, max: 2 ** 52 - 1025 }),
);
const run = fc.record({
  pfn,
  count: fc.integer({ min: 1, max: RUN_LIMIT }),
  type: fc.constantFrom(0, 1, 9, 13, 15),
  hasData: fc.boolean(),
});

function filled(
  runs: readonly { pfn: number; count: number; type: number; hasData: boolean }[],
): [PageIndex, PageRun[]] {
  const index = new PageIndex();
  const all = runs.map(({ pfn: first, count, type, hasData }, at) => {
    const offset = hasData ? 1_000_000 * at : -1;
    return { pfn: first, count, type, record: at + 5, entry: 3 * at, offset };
  });
  for (const one of all) index.add(one.pfn, one.count, one.type, one.record, one.entry, one.offset);
  return [index, all];
}

const naive = (runs: readonly PageRun[], wanted: number): PageOccurrence[] =>
  runs
    .filter((one) => wanted >= one.pfn && wanted < one.pfn + one.count)
    .map(({ pfn: first, type, record, entry, offset }) => ({
      pfn: wanted,
      type,
      record,
      entry: entry + (wanted - first),
      offset: offset < 0 ? -1 : offset + (wanted - first) * 4096,
    }));

test.prop([fc.array(run, { maxLength: 40 }), fc.array(pfn, { minLength: 1, maxLength: 20 })], { numRuns: 40 })(
  'occurrences are all mentions, in stream order',
  (runs, others) => {
    const [index, all] = filled(runs);
    const edges = all.flatMap((one) => [one.pfn - 1, one.pfn, one.pfn + one.count - 1, one.pfn + one.count]);
    const wanted = [...others, ...edges].filter((value) => value >= 0);
    expect(wanted.map((value) => mentionsOf(index, value))).toEqual(wanted.map((value) => naive(all, value)));
  },
);

test.prop([fc.array(run, { maxLength: 40 })])('counts runs, mentions and the highest PFN', (runs) => {
  const [index, all] = filled(runs);
  expect(index.runs).toBe(all.length);
  expect(index.mentions).toBe(all.reduce((sum, { count }) => sum + count, 0));
  expect(index.highest).toBe(Math.max(-1, ...all.map((one) => one.pfn + one.count - 1)));
  expect(all.map((_, at) => index.run(at))).toEqual(all);
});

test('grows after it was asked', () => {
  const index = new PageIndex();
  expect(mentionsOf(index, 5)).toEqual([]);
  index.add(5, 1, 0, 2, 0, 4096);
  expect(mentionsOf(index, 5)).toMatchObject([{ record: 2 }]);
  index.add(5, 1, 0, 3, 0, 8192);
  expect(mentionsOf(index, 5)).toMatchObject([{ record: 2 }, { record: 3 }]);
});

test('an absurd PFN costs a bounded table', () => {
  const index = new PageIndex();
  index.add(0, 1, 0, 1, 0, 0);
  index.add(2 ** 52 - 1, 1, 0, 1, 1, 4096);
  expect(mentionsOf(index, 2 ** 52 - 1)).toMatchObject([{ entry: 1 }]);
  expect(index.byteLength).toBeLessThan(20 * 1024 * 1024);
});

test('the page that a byte of a PAGE_DATA record is about: by its list entry, or by its content', () => {
  const index = new PageIndex();
  // Record 3, list at 100: PFNs 5, 6 with content from 200 on, PFN 9 without, PFN 7 with content after the two.
  index.add(5, 2, 0, 3, 0, 200);
  index.add(9, 1, 0xf, 3, 2, -1);
  index.add(7, 1, 0, 3, 3, 200 + 2 * 4096);
  index.add(5, 1, 0, 4, 0, 20_000);
  expect([100, 107, 108, 116, 124].map((at) => index.pfnAt(3, 100, at))).toEqual([5, 5, 6, 9, 7]);
  expect([200, 200 + 4095, 200 + 4096, 200 + 2 * 4096].map((at) => index.pfnAt(3, 100, at))).toEqual([5, 5, 6, 7]);
  expect([200 + 3 * 4096, 50_000].map((at) => index.pfnAt(3, 100, at))).toEqual([-1, -1]);
});
