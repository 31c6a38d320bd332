/** However the bytes come, the index is the same. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Scan } from '../../../src/scan/scan';
import { blobSource } from '../../../src/source/blob';
import type { ByteSource } from '../../../src/source/source';
import { IMAGES } from '../../fixtures/built/images';
import { everything, scanBytes, scanSource } from '../../fixtures/scanning';
import { asyncSource, countingSource, reusingSource, slowSource } from '../../fixtures/sources';
import { concat, HVM, libxcStream, pageData, record, XC } from '../../fixtures/built/stream';

const blobOf = (bytes: Uint8Array): ByteSource => blobSource(new Blob([Uint8Array.from(bytes)]), 'blob');
const WINDOWS = Array.from({ length: 99 }, (_, index) => index + 1);

describe.each(Object.entries(IMAGES))('%s', (_name, bytes) => {
  let wanted: ReturnType<typeof everything>;
  beforeAll(async () => {
    wanted = everything(await scanBytes(bytes));
    expect(wanted.rows.length).toBeGreaterThan(5);
  });

  test.each([
    ['asynchronous', asyncSource],
    ['slow and out of order', slowSource],
    ['reusing its buffers', reusingSource],
    ['a Blob', blobOf],
  ])('through a source that is %s', async (_kind, make) => {
    expect(everything(await scanSource(make(bytes)))).toEqual(wanted);
  });

  test('through windows of 1 to 99 bytes', async () => {
    for (const hop of WINDOWS) {
      expect(everything(await scanSource(reusingSource(bytes), { hop, limit: hop })), `window ${hop}`).toEqual(wanted);
    }
  });

  test('through windows that double from odd sizes', async () => {
    for (const hop of [1, 7, 13, 99]) {
      const got = everything(await scanSource(asyncSource(bytes), { hop, limit: 4099 }));
      expect(got, `window ${hop}`).toEqual(wanted);
    }
  });
});

test('equal records in a row are read ahead, and wrong guesses do no harm', async () => {
  const batch = pageData([{ pfn: 1 }, { pfn: 2 }, { pfn: 3 }, { pfn: 4 }]);
  const other = pageData([{ pfn: 9 }]);
  const image = libxcStream(HVM, [
    ...Array.from({ length: 20 }, () => batch),
    other,
    ...Array.from({ length: 20 }, () => batch),
    record(XC.END),
  ]);
  const window = { hop: 64, limit: 64 };
  const wanted = everything(await scanBytes(image, window));
  expect(wanted.rows).toHaveLength(44);
  expect(everything(await scanSource(slowSource(image), window))).toEqual(wanted);
  expect(everything(await scanSource(asyncSource(image), window))).toEqual(wanted);
  expect(everything(await scanSource(blobOf(image), window))).toEqual(wanted);
});

test('page contents are not read', async () => {
  const pages = Array.from({ length: 1024 }, (_, index) => ({ pfn: index }));
  const image = libxcStream(HVM, [...Array.from({ length: 8 }, () => pageData(pages)), record(XC.END)]);
  const source = countingSource(image);
  await scanSource(source);
  // Eight lists of 8200 bytes in 32 MiB: even with what a hop reads too much, under 1 %.
  expect(image.length).toBe(40 + 8 * (8 + 8 + 8192 + 4_194_304) + 8);
  expect(source.asked()).toBeLessThan(image.length / 100);
});

test('a scan can be cancelled, and keeps what it had', async () => {
  const image = libxcStream(HVM, [...Array.from({ length: 500 }, () => pageData([{ pfn: 1 }])), record(XC.END)]);
  const stop = new AbortController();
  let slices = 0;
  const scan = await new Scan(asyncSource(concat(image)), { hop: 64, limit: 64 }).run({
    signal: stop.signal,
    sliceMs: 0,
    onSlice: () => {
      if (++slices === 20) stop.abort();
    },
  });
  expect(slices).toBe(20);
  expect(scan.records.count).toBeGreaterThan(2);
  expect(scan.records.count).toBeLessThan(500);
  expect(scan.fingerprint).toBeUndefined();
  expect(scan.findings).toEqual([]);
});
