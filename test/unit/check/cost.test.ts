/** What a check costs where a stream is made to cost much: looks at the index and bytes read, not time. */
import { afterEach, expect, test, vi } from 'vitest';
import { check } from '../../../src/check/check';
import { CHECK_LIMIT } from '../../../src/check/kit/finding';
import { PageIndex } from '../../../src/scan/pages';
import { memorySource } from '../../../src/source/memory';
import { scanBytes } from '../../fixtures/scanning';
import { HVM, libxcStream, pageData, record, T, XC } from '../../fixtures/built/stream';

afterEach(() => vi.restoreAllMocks());

/** Checks an image; how often runs of the index were looked at, and what was read of the file. */
async function costOf(image: Uint8Array) {
  const scan = await scanBytes(image);
  const source = memorySource(image, 'image');
  const reads = { count: 0, bytes: 0 };
  const readNow = (offset: number, length: number): Uint8Array => {
    reads.count++;
    reads.bytes += length;
    return source.readNow?.(offset, length) ?? new Uint8Array(0);
  };
  const run = vi.spyOn(PageIndex.prototype, 'run');
  const pfnAt = vi.spyOn(PageIndex.prototype, 'pfnAt');
  const report = await check(scan, { ...source, readNow });
  return { report, runs: scan.pages.runs, looks: run.mock.calls.length, pfns: pfnAt.mock.calls.length, reads };
}

const staticData = record(XC.STATIC_DATA_END);

test('pages after VERIFY, of which each was announced thousands of times', async () => {
  const pages = 400;
  // Never two neighbours: each entry is a run of its own, and all are in one granule.
  const before = Array.from({ length: 50_000 }, (_, index) => ({ pfn: (index % 2) * 2, type: T.XTAB }));
  const sent = [
    { pfn: 0, fill: 0x10 },
    { pfn: 2, fill: 0x12 },
  ];
  const again = Array.from({ length: pages }, (_, index) => ({ pfn: (index % 2) * 2, fill: 0x10 + (index % 2) * 2 }));
  const image = libxcStream(HVM, [
    staticData,
    pageData(sent),
    pageData(before),
    record(XC.VERIFY),
    pageData(again),
    record(XC.END),
  ]);
  const { report, runs, looks, reads } = await costOf(image);
  expect(runs).toBe(50_000 + 2 + pages);
  // Once for each record's own list, and once for the table of the granule.
  expect(looks).toBeLessThan(2 * runs + 2 * pages);
  expect(reads.bytes).toBeLessThan(2 * image.length + pages * 4096);
  expect(report.findings.map(({ id }) => id)).not.toContain('LC-44');
});

test('pages that lie far apart are read by themselves', async () => {
  const pages = 600;
  const all = Array.from({ length: pages }, (_, index) => ({ pfn: index, fill: index & 0xff }));
  const backwards = all.toReversed().filter((_, index) => index % 3 === 0);
  const { report, reads } = await costOf(
    libxcStream(HVM, [staticData, pageData(all), record(XC.VERIFY), pageData(backwards), record(XC.END)]),
  );
  // 200 pages, each read twice, and the lists and headers.
  expect(reads.bytes).toBeLessThan(200 * 2 * 4096 + 100_000);
  expect(report.findings.map(({ id }) => id)).not.toContain('LC-44');
});

test('of findings beyond the limit only the number is kept', async () => {
  const pages = CHECK_LIMIT + 500;
  const all = Array.from({ length: pages }, (_, index) => ({ pfn: 2 * index, fill: 1 }));
  const others = all.map(({ pfn }) => ({ pfn, fill: 2 }));
  const { report, pfns } = await costOf(
    libxcStream(HVM, [staticData, pageData(all), record(XC.VERIFY), pageData(others), record(XC.END)]),
  );
  expect(report.findings).toHaveLength(CHECK_LIMIT);
  expect(report.suppressed).toBeGreaterThan(499);
  expect(pfns).toBeLessThan(CHECK_LIMIT + 10);
});

test('a page is compared with the last copy before VERIFY, not with one after it', async () => {
  const { report } = await costOf(
    libxcStream(HVM, [
      staticData,
      pageData([{ pfn: 5, fill: 1 }]),
      pageData([
        { pfn: 5, fill: 2 },
        { pfn: 6, fill: 0 },
      ]),
      record(XC.VERIFY),
      pageData([
        { pfn: 5, fill: 2 },
        { pfn: 6, fill: 7 },
      ]),
      pageData([
        { pfn: 6, fill: 7 },
        { pfn: 7, fill: 0 },
      ]),
      record(XC.VERIFY),
      pageData([{ pfn: 6, fill: 0 }]),
      record(XC.END),
    ]),
  );
  const verify = report.findings.filter(({ id }) => id === 'LC-44');
  // A page that was never sent is compared with zeros.
  expect(verify.map(({ log }) => log.map(({ text }) => text))).toEqual([
    ['verify pfn 0x6 failed (type 0)'],
    ['verify pfn 0x6 failed (type 0)'],
  ]);
});

test('in a browser the check reads ahead as the scan does: records of one size, many in one read', async () => {
  const records = 400;
  const image = libxcStream(HVM, [
    staticData,
    ...Array.from({ length: records }, (_, index) =>
      pageData(Array.from({ length: 8 }, (_one, page) => ({ pfn: index * 8 + page, fill: 1 }))),
    ),
    record(XC.END),
  ]);
  const alone = vi.fn<(offset: number, length: number) => Promise<Uint8Array>>();
  alone.mockImplementation(async (offset, length) => image.slice(offset, offset + length));
  const many = vi.fn<(offsets: readonly number[], length: number) => Promise<Uint8Array[]>>();
  many.mockImplementation(async (offsets, length) => offsets.map((offset) => image.slice(offset, offset + length)));
  const scan = await scanBytes(image);
  await check(scan, { name: 'image', size: image.length, read: alone, readMany: many });
  expect(many.mock.calls.length).toBeGreaterThan(0);
  expect(alone.mock.calls.length).toBeLessThan(records / 10);
});
