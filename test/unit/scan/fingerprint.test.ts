/** The fingerprint, against another computation of the tree that its source describes. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Fingerprint } from '../../../src/scan/fingerprint';
import { IMAGES, liveMigration, pvXl, smallHvm, smallPv } from '../../fixtures/built/images';
import { rowsOf, scanBytes } from '../../fixtures/scanning';
import {
  concat,
  end,
  HVM,
  hvmContext,
  hvmEnd,
  hvmEntry,
  hvmHeaderEntry,
  libxcStream,
  pageData,
  u64,
} from '../../fixtures/built/stream';

const LEAF = 1024 * 1024;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Leaves of 1 MiB; root over the size and their digests; first 16 hex digits. */
function fingerprint(size: number, covered: Uint8Array): string {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < covered.length; at += LEAF) leaves.push(sha256(covered.subarray(at, at + LEAF)));
  return createHash('sha256')
    .update(concat(u64(size), ...leaves))
    .digest('hex')
    .slice(0, 16);
}

type Span = readonly [start: number, end: number];

/** Where the page contents of the built images are, read off the layouts. */
const PAGES: Readonly<Record<string, readonly Span[]>> = {
  pvXl: [[272 + 16 + 5 * 8, 12_616]],
  liveMigration: [
    [272 + 16 + 3 * 8, 8504],
    [8504 + 16 + 2 * 8, 16_728],
    [16_728 + 16 + 2 * 8, 24_952],
    [24_952 + 16 + 8, 29_072],
    [29_080 + 16 + 3 * 8, 41_408],
    [41_408 + 16 + 2 * 8, 49_632],
  ],
  smallPv: [[272 + 16 + 2 * 8, 4400]],
};

function without(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [start, stop] of spans) {
    parts.push(bytes.subarray(at, start));
    at = stop;
  }
  return concat(...parts, bytes.subarray(at));
}

const of = async (bytes: Uint8Array): Promise<string | undefined> => (await scanBytes(bytes)).fingerprint;
const changed = (bytes: Uint8Array, at: number): Uint8Array => {
  const out = bytes.slice();
  out[at] = (out[at] ?? 0) ^ 1;
  return out;
};

describe.each(Object.entries(PAGES))('%s', (name, spans) => {
  const bytes = IMAGES[name] ?? new Uint8Array(0);

  test('is the tree over the size and all that is not page content', async () => {
    expect(await of(bytes)).toBe(fingerprint(bytes.length, without(bytes, spans)));
  });

  test('stays when page contents are blanked', async () => {
    const blank = bytes.slice();
    for (const [start, stop] of spans) blank.fill(0, start, stop);
    expect(blank).not.toEqual(bytes);
    expect(await of(blank)).toBe(await of(bytes));
  });
});

test.each([
  ['PV', smallPv, PAGES['smallPv'] ?? []],
  ['HVM', smallHvm, []],
])('%s: any other byte changes it', async (_name, bytes, spans) => {
  const intact = await of(bytes);
  for (let at = 0; at < bytes.length; at++) {
    if (spans.some(([start, stop]) => at >= start && at < stop)) continue;
    const scan = await scanBytes(changed(bytes, at));
    if (scan.image.refusal) continue;
    expect(scan.fingerprint, `byte ${at}`).not.toBe(intact);
  }
});

test('the go-ahead of a migration counts, and so does the size', async () => {
  const intact = await of(liveMigration);
  expect(await of(changed(liveMigration, liveMigration.length - 2))).not.toBe(intact);
  expect(await of(pvXl)).not.toBe(await of(concat(pvXl, new Uint8Array(1))));
});

test('more than one leaf', async () => {
  const big = hvmEntry(
    77,
    0,
    Uint8Array.from({ length: 3 * LEAF + 12_344 }, (_, index) => (index * 31) & 0xff),
  );
  const image = libxcStream(HVM, [hvmContext([hvmHeaderEntry(), big, hvmEnd()]), pageData([{ pfn: 1 }]), end()]);
  const list = rowsOf(await scanBytes(image)).find(({ name }) => name === 'PAGE_DATA');
  const start = (list?.offset ?? 0) + 16 + 8;
  expect(await of(image)).toBe(fingerprint(image.length, without(image, [[start, start + 4096]])));
});

test.each([0, 1, LEAF - 1, LEAF, LEAF + 1, 9 * LEAF])('%i bytes in pieces of odd size', async (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
  const print = new Fingerprint();
  for (let at = 0; at < length; at += 99_991) {
    print.add(bytes.subarray(at, at + 99_991));
    if (print.busy) await print.settle();
  }
  expect(await print.finish(2 ** 40 + 5)).toBe(fingerprint(2 ** 40 + 5, bytes));
});
