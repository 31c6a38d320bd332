/** Which copy of a page counts, and why a page has none. */
import { expect, test, vi } from 'vitest';
import { GuestMemory } from '../../../src/memory/guest-memory';
import type { RestoredPage } from '../../../src/scan/restored/pages';
import { absenceText } from '../../../src/memory/absence';
import { memorySource } from '../../../src/source/memory';
import { memoryOf } from '../../fixtures/memory';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import { concat, end, libxcStream, libxlStream, pageData, PV, record, T, XC, XL } from '../../fixtures/built/stream';

async function placesIn(bytes: Uint8Array, ...pfns: number[]): Promise<(RestoredPage & { readonly fill?: number })[]> {
  const memory = memoryOf(bytes, await scanBytes(bytes));
  return pfns.map((pfn) => {
    const page = memory.page(pfn);
    return page.state === 'here' ? { ...page, fill: bytes[page.offset] ?? -1 } : page;
  });
}

const stream = (...records: Uint8Array[]): Uint8Array => libxcStream(PV, records);

test('the last copy with content counts; absent ones say why', async () => {
  const bytes = stream(
    pageData([
      { pfn: 1, fill: 1 },
      { pfn: 2, type: T.XTAB },
      { pfn: 3, type: T.BROKEN },
      { pfn: 4, fill: 4 },
    ]),
    pageData([
      { pfn: 1, type: T.L1, fill: 0x11 },
      { pfn: 4, type: T.XTAB },
    ]),
    end(),
  );
  const [one, two, three, four, five] = await placesIn(bytes, 1, 2, 3, 4, 5);
  expect(one).toMatchObject({ state: 'here', type: 1, fill: 0x11, outdated: false });
  expect(two).toEqual({ state: 'absent', pfn: 2, why: 'no-content', type: 0xf });
  expect(three).toEqual({ state: 'absent', pfn: 3, why: 'broken', type: 0xd });
  // Ballooned out later: a restore leaves the content where it is.
  expect(four).toMatchObject({ state: 'here', fill: 4 });
  expect(five).toEqual({ state: 'absent', pfn: 5, why: 'never-sent' });
});

test('a page that the end of the file cuts is not there; an older copy is, as an outdated one', async () => {
  const whole = stream(
    pageData([{ pfn: 1, fill: 1 }]),
    pageData([
      { pfn: 1, fill: 2 },
      { pfn: 2, fill: 3 },
    ]),
  );
  const [one, two] = await placesIn(whole.subarray(0, whole.length - 5000), 1, 2);
  expect(one).toMatchObject({ state: 'here', fill: 1, outdated: true });
  expect(two).toEqual({ state: 'absent', pfn: 2, why: 'cut-off', type: 0 });
  expect(two?.state === 'absent' && absenceText(two)).toBe('PFN 0x2: the file ends before its bytes');
});

test('after VERIFY pages are compared, not stored', async () => {
  const bytes = stream(
    pageData([{ pfn: 1, fill: 1 }]),
    record(XC.VERIFY),
    pageData([
      { pfn: 1, fill: 2 },
      { pfn: 2, fill: 3 },
    ]),
    end(),
  );
  const [one, two] = await placesIn(bytes, 1, 2);
  expect(one).toMatchObject({ state: 'here', fill: 1, outdated: false });
  expect(two).toEqual({ state: 'absent', pfn: 2, why: 'not-restored', type: 0 });
});

/** Rounds of a checkpointed stream: libxc records, CHECKPOINT, libxl's own, CHECKPOINT_END. */
const round = (...libxc: Uint8Array[]): Uint8Array =>
  concat(...libxc, record(XC.CHECKPOINT), record(XL.CHECKPOINT_END));

test('what follows the last complete checkpoint is thrown away', async () => {
  const libxc = libxcStream(PV, [
    round(pageData([{ pfn: 1, fill: 1 }])),
    round(pageData([{ pfn: 1, fill: 2 }])),
    pageData([
      { pfn: 1, fill: 3 },
      { pfn: 2, fill: 4 },
    ]),
    // The libxl part of this one never came to its end.
    record(XC.CHECKPOINT),
  ]);
  const all = libxlStream(libxc);
  const bytes = all.subarray(0, all.length - 8);
  const scan = await scanBytes(bytes);
  expect(scan.image.checkpoints).toBe(3);
  expect(rowsOf(scan)[scan.image.lastCheckpoint?.record ?? -1]?.name).toBe('CHECKPOINT');
  const [one, two] = await placesIn(bytes, 1, 2);
  expect(one).toMatchObject({ state: 'here', fill: 2 });
  expect(two).toEqual({ state: 'absent', pfn: 2, why: 'not-restored', type: 0 });
});

test('without a complete checkpoint everything counts', async () => {
  const all = libxlStream(libxcStream(PV, [pageData([{ pfn: 1, fill: 1 }]), record(XC.CHECKPOINT)]));
  const [one] = await placesIn(all.subarray(0, all.length - 8), 1);
  expect(one).toMatchObject({ state: 'here', fill: 1 });
});

test('a stretch of memory comes in pieces, page by page', async () => {
  const bytes = stream(
    pageData([
      { pfn: 1, fill: 1 },
      { pfn: 3, fill: 3 },
    ]),
    end(),
  );
  const memory = memoryOf(bytes, await scanBytes(bytes));
  const pieces = await memory.read(0x1ffen, 0x2004 - 0x1ffe + 0x1000);
  expect(pieces.map((piece) => ('bytes' in piece ? [...piece.bytes] : piece.absent.why)).map(String)).toEqual([
    '1,1',
    'never-sent',
    '3,3,3,3',
  ]);
  expect(pieces.map(({ gpa, length }) => [gpa, length])).toEqual([
    [0x1ffen, 2],
    [0x2000n, 4096],
    [0x3000n, 4],
  ]);
});

test('a page that is mentioned over and over costs one look at its mentions', async () => {
  const again = Array.from({ length: 4000 }, (_, index) => ({ pfn: index % 2 === 0 ? 5 : 7, type: T.XTAB }));
  const bytes = stream(pageData([{ pfn: 5, fill: 5 }]), pageData(again), end());
  const scan = await scanBytes(bytes);
  const memory = memoryOf(bytes, scan);
  const run = vi.spyOn(scan.pages, 'run');
  for (let at = 0; at < 100; at++) expect([memory.page(5).state, memory.page(7).state]).toEqual(['here', 'absent']);
  // All runs of the granule once for each way to look, then one for each answer.
  expect(run.mock.calls.length).toBeLessThan(4 * 4001 + 1000);
});

test('pages that the index learns of later are found', async () => {
  const bytes = stream(pageData([{ pfn: 1, fill: 1 }]));
  const { pages, image } = await scanBytes(bytes);
  const memory = new GuestMemory(memorySource(bytes), pages, image);
  expect(memory.page(2)).toMatchObject({ state: 'absent', why: 'never-sent' });
  pages.add(2, 1, 0, 9, 0, 64);
  expect(memory.page(2)).toMatchObject({ state: 'here', record: 9, offset: 64 });
});
