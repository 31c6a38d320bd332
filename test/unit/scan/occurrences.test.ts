/** Where the pages of a stream are: every mention of a PFN, in stream order. */
import { expect, test } from 'vitest';
import { liveMigration, remus } from '../../fixtures/built/images';
import { mentionsOf, runsOf, scanBytes } from '../../fixtures/scanning';
import { concat, HVM, libxcStream, pageData, record, T, u32, u64, XC } from '../../fixtures/built/stream';

test('a page that was sent in several passes', async () => {
  const { pages } = await scanBytes(liveMigration);
  expect(mentionsOf(pages, 1)).toEqual([
    { pfn: 1, type: 0, record: 10, entry: 1, offset: 4408 },
    { pfn: 1, type: 0, record: 12, entry: 0, offset: 16_760 },
    { pfn: 1, type: 0, record: 13, entry: 0, offset: 24_976 },
    { pfn: 1, type: 0, record: 15, entry: 1, offset: 33_216 },
  ]);
});

test('a page that was a hole first and a page table later', async () => {
  const { pages } = await scanBytes(liveMigration);
  expect(mentionsOf(pages, 2)).toEqual([
    { pfn: 2, type: 15, record: 10, entry: 2, offset: -1 },
    { pfn: 2, type: 1, record: 12, entry: 1, offset: 20_856 },
    { pfn: 2, type: 1, record: 15, entry: 2, offset: 37_312 },
  ]);
});

test('each offset holds the page that was written there', async () => {
  const { pages } = await scanBytes(liveMigration);
  const fills = mentionsOf(pages, 1).map(({ offset }) => liveMigration[offset]);
  expect(fills).toEqual([0x81, 0x11, 0x12, 0x12]);
  const lastByte = mentionsOf(pages, 0x1f).map(({ offset }) => liveMigration[offset + 4095]);
  expect(lastByte).toEqual([0x9f, 0x9f]);
});

test('pages of several checkpoints', async () => {
  const { pages } = await scanBytes(remus);
  expect(mentionsOf(pages, 1).map(({ record: row }) => row)).toEqual([10, 15]);
  expect(mentionsOf(pages, 0).map(({ record: row }) => row)).toEqual([10, 20]);
  expect(mentionsOf(pages, 3)).toEqual([]);
  expect([pages.mentions, pages.highest]).toEqual([7, 8]);
});

test('runs join neighbours of one type, and end where pages and holes meet', async () => {
  const image = libxcStream(HVM, [
    pageData([
      { pfn: 5 },
      { pfn: 6 },
      { pfn: 7, type: T.XTAB },
      { pfn: 8, type: T.XTAB },
      { pfn: 9, type: T.BROKEN },
      { pfn: 10, type: T.XALLOC },
      { pfn: 12, type: T.L4_PINNED },
      { pfn: 11 },
    ]),
    record(XC.END),
  ]);
  const scan = await scanBytes(image);
  // Header 40, record header 8, counts 8, eight entries: the first page is at 120.
  expect(runsOf(scan)).toEqual([
    { pfn: 5, count: 2, type: 0, record: 2, entry: 0, offset: 120 },
    { pfn: 7, count: 2, type: 15, record: 2, entry: 2, offset: -1 },
    { pfn: 9, count: 1, type: 13, record: 2, entry: 4, offset: -1 },
    { pfn: 10, count: 1, type: 14, record: 2, entry: 5, offset: -1 },
    { pfn: 12, count: 1, type: 12, record: 2, entry: 6, offset: 120 + 2 * 4096 },
    { pfn: 11, count: 1, type: 0, record: 2, entry: 7, offset: 120 + 3 * 4096 },
  ]);
});

test('runs never grow beyond 1024 PFNs, and PFNs use all their 52 bits', async () => {
  const top = 2 ** 52 - 1;
  const entries = [
    ...Array.from({ length: 2500 }, (_, index) => ({ pfn: 2 ** 40 + index, type: T.XTAB })),
    { pfn: top, type: T.XTAB },
  ];
  const scan = await scanBytes(libxcStream(HVM, [pageData(entries), record(XC.END)]));
  expect(runsOf(scan).map(({ pfn, count }) => [pfn, count])).toEqual([
    [2 ** 40, 1024],
    [2 ** 40 + 1024, 1024],
    [2 ** 40 + 2048, 452],
    [top, 1],
  ]);
  expect(mentionsOf(scan.pages, top)).toEqual([{ pfn: top, type: 15, record: 2, entry: 2500, offset: -1 }]);
  expect(mentionsOf(scan.pages, 2 ** 40 + 2499)).toMatchObject([{ entry: 2499 }]);
});

test('a page that the end of the file cuts has no offset', async () => {
  const whole = libxcStream(HVM, [pageData([{ pfn: 1 }, { pfn: 2 }])]);
  const scan = await scanBytes(whole.subarray(0, whole.length - 1));
  expect(mentionsOf(scan.pages, 1)).toMatchObject([{ offset: 72 }]);
  expect(mentionsOf(scan.pages, 2)).toMatchObject([{ offset: -1 }]);
});

test('a list longer than one read is taken piece by piece', async () => {
  const count = 200_000;
  const list = new Uint8Array(8 * count);
  for (let index = 0; index < count; index++) list.set(u64((0xfn << 60n) | BigInt(2 * index)), 8 * index);
  const image = libxcStream(HVM, [record(XC.PAGE_DATA, concat(u32(count), u32(0), list)), record(XC.END)]);
  const scan = await scanBytes(image);
  expect([scan.pages.runs, scan.pages.mentions, scan.pages.highest]).toEqual([count, count, 399_998]);
  expect(mentionsOf(scan.pages, 399_998)).toMatchObject([{ entry: 199_999 }]);
  expect(mentionsOf(scan.pages, 399_997)).toEqual([]);
  expect(scan.findings).toEqual([]);
});

test('PFNs beyond the table: runs that reach over a granule, in stream order', async () => {
  const base = 2 ** 40;
  const holes = (first: number, count: number) =>
    pageData(Array.from({ length: count }, (_, index) => ({ pfn: base + first + index, type: T.XTAB })));
  const { pages } = await scanBytes(
    libxcStream(HVM, [holes(2000, 2), holes(1000, 100), holes(0, 3), holes(1020, 8), holes(2000, 1), record(XC.END)]),
  );
  const records = (at: number) => mentionsOf(pages, base + at).map(({ record: row }) => row);
  expect([records(1023), records(1024), records(1026), records(1099)]).toEqual([[3, 5], [3, 5], [3, 5], [3]]);
  expect([records(2000), records(2001), records(2), records(3)]).toEqual([[2, 6], [2], [4], []]);
});
