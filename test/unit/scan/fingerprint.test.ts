/** The fingerprint, against another computation of the tree that its source describes. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Fingerprint } from '../../../src/scan/fingerprint';
import { IMAGES, liveMigration, pvXl, smallHvm, smallPv } from '../../fixtures/built/images';
import { samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';
import { concat, end, HVM, libxcStream, pageData, T, u64 } from '../../fixtures/built/stream';

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
  const list = Array.from({ length: 20_000 }, (_, index) => ({ pfn: (index * 31) % 100_003, type: T.XTAB }));
  const lists = Array.from({ length: 20 }, () => pageData(list));
  const image = libxcStream(HVM, [...lists, pageData([{ pfn: 1 }]), end()]);
  const start = 40 + 20 * (16 + 8 * 20_000) + 16 + 8;
  expect(start).toBeGreaterThan(3 * LEAF);
  expect(await of(image)).toBe(fingerprint(image.length, without(image, [[start, start + 4096]])));
});

/** As they were before anything but page contents was left out: links made then name these. */
const BUILT = [
  ['pvLibxc', '3a6a6ff53c406481'],
  ['pvXl', 'c2c48da61e9a9162'],
  ['hvmLibxc', 'c1d04477fae773f6'],
  ['hvmXl', '4d7d30476501dd43'],
  ['liveMigration', 'a4f6a348c9bb7263'],
  ['remus', '01862d6464118da2'],
  ['remusHvm', '40c61461c0dbd560'],
  ['pvV2', 'aebba5fd88feb3cf'],
  ['hvmV2', '9431f7cec6e963ff'],
  ['pv32', '4e9871246f5f4329'],
  ['bigEndianPv', '211c10bd2e106070'],
  ['bigEndianHvm', '7d802b52e623d483'],
  ['libvirt', 'c57d33a8e70a9c10'],
  ['smallPv', 'e0b5068d01497295'],
  ['smallHvm', '67da68a6da843662'],
] as const;
const REAL: Readonly<Record<string, string>> = Object.fromEntries([
  ['hvmbios-xen413', '2039fe34f1a4d4fb'],
  ['hvmbios', '906c3ecf7ffe0c97'],
  ['hvmvga', '4366cd164f4b405f'],
  ['micro32', '424f9c82a17e2807'],
  ['micro64-libvirt', 'f08e4ab43c960eb6'],
  ['micro64-live-xen413', 'caaa74e27778e734'],
  ['micro64-live', '6c3e6adae52640f4'],
  ['micro64-lostpt', '99833443d79e87b9'],
  ['micro64-max', '7a0bbda0ba5024d4'],
  ['micro64-remus', '0cd8dc986f8e5d41'],
  ['micro64-xen413', '47d116d8f0273834'],
  ['micro64-xen420', 'a2b3a13047093d49'],
  ['micro64', '89ce70c329b70f42'],
  ['micropvh-live', '10dc3f5a200cc3cf'],
  ['micropvh-xen413', '7fc0030645fef465'],
  ['micropvh-xsave', '2880d8fb3f19dd82'],
  ['micropvh', '866c979b855bd9fe'],
  ['pv64', 'bbcd2ac939435a11'],
]);

test.each(BUILT)('%s has the fingerprint that links have', async (name, known) => {
  expect(await of(IMAGES[name] ?? new Uint8Array(0))).toBe(known);
});

test.each(samples)('$name has the fingerprint that links have', async ({ name, open }) => {
  expect(await of(open())).toBe(REAL[name]);
});

test('what was taken since a mark is forgotten, over the border of a leaf', async () => {
  const bytes = Uint8Array.from({ length: 3 * LEAF }, (_, index) => (index * 13) & 0xff);
  const print = new Fingerprint();
  print.keep(bytes.subarray(0, LEAF + 77));
  print.mark();
  print.keep(new Uint8Array(2 * LEAF).fill(9));
  await print.settle();
  print.keep(new Uint8Array(LEAF).fill(8));
  print.rollBack();
  print.keep(bytes.subarray(LEAF + 77));
  expect(await print.finish(5)).toBe(fingerprint(5, bytes));
});

test.each([0, 1, LEAF - 1, LEAF, LEAF + 1, 9 * LEAF])('%i bytes in pieces of odd size', async (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
  const print = new Fingerprint();
  for (let at = 0; at < length; at += 99_991) {
    print.keep(bytes.subarray(at, at + 99_991));
    if (print.busy) await print.settle();
  }
  expect(await print.finish(2 ** 40 + 5)).toBe(fingerprint(2 ** 40 + 5, bytes));
});
