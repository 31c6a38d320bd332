/** Reads that fail: never shown as zeros, and what was read before stays. */
import { describe, expect, test } from 'vitest';
import { Scan } from '../../../src/scan/scan';
import { liveMigration, pvXl } from '../../fixtures/built/images';
import { linesOf, scanBytes, scanSource } from '../../fixtures/scanning';
import { failingBatchSource, failingSource } from '../../fixtures/sources';
import { end, HVM, libxcStream, pageData } from '../../fixtures/built/stream';

const WINDOW = { hop: 64, limit: 64 };

describe.each([
  ['at once', true],
  ['later', false],
])('a source that answers %s', (_kind, sync) => {
  test('nothing can be read: the file is refused', async () => {
    const scan = await scanSource(failingSource(pvXl, 0, sync));
    expect(scan.records.count).toBe(0);
    expect(scan.image.refusal).toMatchObject({ code: 'unreadable', title: 'The file cannot be read' });
    expect(scan.image.refusal?.help).toContain('input/output error');
    expect(scan.findings).toMatchObject([{ id: 'unreadable', severity: 'fatal', layer: 'file', offset: 0 }]);
  });

  // pvXl: TSC_INFO is record 11 at 12616, SHARED_INFO at 12648–16752.
  test('a read fails later: all before stays, the finding says where', async () => {
    const whole = await scanBytes(pvXl);
    const scan = await scanSource(failingSource(pvXl, 14_000, sync), WINDOW);
    expect(scan.image.refusal).toBeUndefined();
    expect(linesOf(scan)).toEqual(linesOf(whole).slice(0, 13));
    expect(scan.findings).toMatchObject([
      {
        id: 'unreadable',
        severity: 'fatal',
        layer: 'file',
        record: undefined,
        message: 'reading failed: input/output error; nothing after this is listed',
      },
    ]);
    expect(scan.findings[0]?.offset).toBeGreaterThanOrEqual(14_000);
    expect(scan.findings[0]?.offset).toBeLessThan(16_752);
    expect(scan.image.complete).toBe(false);
  });

  test('such an image has no fingerprint: it would name other bytes than the whole file does', async () => {
    const scan = await scanSource(failingSource(pvXl, 14_000, sync), WINDOW);
    expect(scan.fingerprint).toBeUndefined();
  });

  test('at every byte: no exception, and rows as in the whole image', async () => {
    const lines = linesOf(await scanBytes(liveMigration));
    for (let bad = 64; bad < liveMigration.length; bad += 251) {
      const scan = await scanSource(failingSource(liveMigration, bad, sync), WINDOW);
      const got = linesOf(scan);
      expect(got, `failing from ${bad}`).toEqual(lines.slice(0, got.length));
      expect(
        scan.findings.map(({ id }) => id),
        `failing from ${bad}`,
      ).toContain('unreadable');
    }
  });
});

test('reads in groups: one that fails takes no other with it', async () => {
  const batches = Array.from({ length: 60 }, (_, index) => pageData([{ pfn: 2 * index }, { pfn: 2 * index + 1 }]));
  const image = libxcStream(HVM, [...batches, end()]);
  const lines = linesOf(await scanBytes(image));
  // The list of the last record but one, 40 + 58 × 8224 bytes in, cannot be read.
  const scan = await scanSource(failingBatchSource(image, 40 + 58 * 8224 + 16), WINDOW);
  expect(linesOf(scan)).toEqual(lines.slice(0, 60));
  expect(scan.findings.map(({ id }) => id)).toEqual(['unreadable']);
});

test('an exception that is not a failed read is not swallowed', async () => {
  const broken = {
    name: 'broken',
    size: 1000,
    read: () => Promise.reject(new TypeError('a mistake in the program')),
  };
  await expect(new Scan(broken).run()).rejects.toThrow('a mistake in the program');
});
