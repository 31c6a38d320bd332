/** The page map against a plain count over every PFN. */
import { fc, test } from '@fast-check/vitest';
import { expect, test as plain } from 'vitest';
import { hasPageData } from '../../../src/format/libxc/page-data';
import { NEVER_SENT, pageMap, pageTotals } from '../../../src/memory/page-map';
import { PageIndex } from '../../../src/scan/pages';

type Run = readonly [pfn: number, count: number, type: number];

const indexOf = (runs: readonly Run[]): PageIndex => {
  const pages = new PageIndex();
  for (const [pfn, count, type] of runs) pages.add(pfn, count, type, 0, 0, -1);
  return pages;
};

const RUNS = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 4000 }),
    fc.integer({ min: 1, max: 1024 }),
    fc.constantFrom(0x0, 0x1, 0x9, 0xc, 0xd, 0xe, 0xf),
  ),
  { maxLength: 30 },
);

test.prop([RUNS, fc.integer({ min: 0, max: 5000 })])(
  'one cell a PFN holds its last type and how often it came with content',
  (runs, start) => {
    const { type, sends } = pageMap(indexOf(runs), { start, perCell: 1, cells: 300 });
    for (let cell = 0; cell < 300; cell++) {
      const mentions = runs.filter(([pfn, count]) => start + cell >= pfn && start + cell < pfn + count);
      expect(type[cell]).toBe(mentions.at(-1)?.[2] ?? NEVER_SENT);
      expect(sends[cell]).toBe(mentions.filter(([, , found]) => hasPageData(found)).length);
    }
  },
);

test.prop([RUNS])('the totals count every PFN once, by its last type', (runs) => {
  const last = new Map<number, number>();
  const times = new Map<number, number>();
  for (const [pfn, count, type] of runs) {
    for (let at = pfn; at < pfn + count; at++) {
      last.set(at, type);
      if (hasPageData(type)) times.set(at, (times.get(at) ?? 0) + 1);
    }
  }
  const totals = pageTotals(indexOf(runs));
  expect(totals.pfns).toBe(last.size);
  expect(totals.mostSends).toBe(Math.max(0, ...times.values()));
  expect(totals.sent).toBe([...times.values()].reduce((sum, count) => sum + count, 0));
  expect(totals.sentPfns).toBe(times.size);
  expect(totals.mentions).toBe(runs.reduce((sum, [, count]) => sum + count, 0));
  for (let type = 0; type < 16; type++) {
    expect(totals.byType[type]).toBe([...last.values()].filter((found) => found === type).length);
  }
});

plain('a cell of many pages shows what matters most among them', () => {
  const pages = indexOf([
    [0, 100, 0x0],
    [100, 1, 0x1],
    [101, 1, 0xc],
    [102, 100, 0xf],
  ]);
  expect([...pageMap(pages, { start: 0, perCell: 100, cells: 4 }).type]).toEqual([0x0, 0xc, 0xf, NEVER_SENT]);
});
