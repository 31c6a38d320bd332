/** Images for sharing: blanked, they are read as the original is, say so, and cost next to nothing to send. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../../../../src/check/check';
import { type BlankOptions, blankPlan } from '../../../../src/memory/export/blank/blank';
import type { Scrub } from '../../../../src/memory/export/blank/scrub';
import { memorySource } from '../../../../src/source/memory';
import { brokenVariants, openVariant } from '../../../fixtures/broken';
import {
  concat,
  end,
  HVM,
  hvmEntry,
  hvmHeaderEntry,
  latin1,
  libxcStream,
  p2mFrames,
  pageData,
  PV,
  pvInfo,
  record,
  tscInfo,
  u32,
  XC,
} from '../../../fixtures/built/stream';
import { smallPv } from '../../../fixtures/built/images';
import { exportable, written } from '../../../fixtures/exporting';
import { samples } from '../../../fixtures/samples';
import type { ScanResult } from '../../../../src/scan/scan';
import { linesOf, runsOf, scanBytes } from '../../../fixtures/scanning';

const TEXT = 'Blanked for sharing by Xenscope\n';

async function blanked(bytes: Uint8Array, ...scrub: readonly Scrub[]): Promise<Uint8Array> {
  const file = await exportable(bytes);
  return written(await blankPlan(file, { scrub: new Set(scrub) }), file.source);
}

describe.each(samples)('$name', (sample) => {
  const bytes = sample.open();
  let out: Uint8Array = new Uint8Array(0);
  beforeAll(async () => {
    out = await blanked(bytes);
  });
  afterAll(() => {
    out = new Uint8Array(0);
  });

  test('keeps index, places and fingerprint, holds no page, and says so', async () => {
    const before = await scanBytes(bytes);
    const after = await scanBytes(out);
    expect(out.length).toBe(bytes.length);
    expect(linesOf(after)).toEqual(linesOf(before));
    expect(runsOf(after)).toEqual(runsOf(before));
    expect(after.findings).toEqual(before.findings);
    expect(after.fingerprint).toBe(before.fingerprint);
    expect(before.image.blanked).toBeUndefined();
    expect(after.image.blanked).toEqual({ pages: true, registers: false, config: false });
    const page = Buffer.from(TEXT.repeat(128), 'latin1');
    for (const { offset, count } of runsOf(after)) {
      // Of pages without content no bytes are there.
      if (offset < 0) continue;
      for (let at = 0; at < count; at++)
        if (!page.equals(out.subarray(offset + at * 4096, offset + (at + 1) * 4096)))
          throw new Error(`the page at ${offset + at * 4096} is not blank`);
    }
    // What is left is lists of pages, 8 bytes for each.
    expect(gzipSync(out).length).toBeLessThan(bytes.length / 100 + before.pages.mentions * 3 + 60_000);
  });

  test('a check claims nothing of pages, and no more than of the original', async () => {
    const judge = async (image: Uint8Array) => check(await scanBytes(image), memorySource(image, 'image'));
    const [before, after] = [await judge(bytes), await judge(out)];
    const known = new Set(before.findings.map(({ id, offset }) => `${id} ${offset}`));
    expect(after.findings.filter(({ id, offset }) => !known.has(`${id} ${offset}`)).map(({ id }) => id)).toEqual([
      'SH-01',
    ]);
    // Page tables of a PV guest are tested by a restore, and blank here.
    if (before.verdict === 'ok') expect(after.verdict).toBe(sample.isPv ? 'unknown' : 'ok');
  });
});

const small = samples.filter(({ name }) => ['micro64', 'micropvh', 'micro64-libvirt'].includes(name));

test.each(small)('$name scrubbed: registers and configuration are gone, the rest stays, no verdict', async (sample) => {
  const bytes = sample.open();
  const out = await blanked(bytes, 'registers', 'config');
  const [before, after] = [await scanBytes(bytes), await scanBytes(out)];
  expect(linesOf(after)).toEqual(linesOf(before));
  expect(after.fingerprint).not.toBe(before.fingerprint);
  expect(after.image.blanked).toEqual({ pages: true, registers: true, config: true });
  expect(Buffer.from(out).includes(Buffer.from(sample.name.slice(0, 7)))).toBe(false);
  const result = await check(after, memorySource(out, 'image'));
  expect(result.findings.map(({ id }) => id)).toEqual(['SH-01', 'SH-02']);
  expect(result.verdict).toBe('unknown');
  expect(new Set(result.stages.map(({ status }) => status))).toEqual(new Set(['not looked at']));
});

/** Without what stands in a body: the ids of vCPUs and the number of pages are filled with bodies that make no sense. */
const placesOf = (scan: ScanResult): string[] =>
  linesOf(scan).map((line) => line.replaceAll(/ (?:vcpu=\d+|pages=\d+|pass|damaged)/gu, ''));

test('damaged images keep index and fingerprint too', async () => {
  const changed: string[] = [];
  const refused: string[] = [];
  for (const variant of brokenVariants.filter(({ base }) => base === 'micro64.xlsave')) {
    const bytes = openVariant(variant);
    const before = await scanBytes(bytes);
    if (before.records.count === 0) continue;
    const out = await blanked(bytes).catch(() => undefined);
    if (!out) {
      refused.push(variant.variant);
      continue;
    }
    const after = await scanBytes(out);
    const same = after.fingerprint === before.fingerprint && placesOf(after).join() === placesOf(before).join();
    if (!same) changed.push(variant.variant);
  }
  expect(changed).toEqual([]);
  // Of these not even the length of the first header can be told.
  expect(refused).toEqual(brokenVariants.length > 0 ? ['micro64-xl-byteorder', 'micro64-xl-optlen-huge'] : []);
});

/** Registers that can be told from all else. */
const MARK = 0xa7;
const marked = (typecode: number, instance: number): Uint8Array =>
  hvmEntry(typecode, instance, new Uint8Array(1024).fill(MARK));
const contextOf = (...entries: Uint8Array[]): Uint8Array =>
  record(XC.HVM_CONTEXT, concat(hvmHeaderEntry(), ...entries, hvmEntry(0, 0, new Uint8Array(0))));
const CPU = 2;
const LAPIC = 5;

test.each([
  ['of a plain context', [contextOf(marked(CPU, 0), marked(CPU, 1))]],
  // 65 536 entries are listed of all contexts together.
  [
    'of contexts of which the first are no longer listed',
    Array.from({ length: 70 }, () =>
      contextOf(marked(CPU, 0), ...Array.from({ length: 1000 }, (_, id) => hvmEntry(LAPIC, id, new Uint8Array(8)))),
    ),
  ],
  ['behind an entry of a type that no Xen has', [contextOf(hvmEntry(77, 0, new Uint8Array(8)), marked(77, 1))]],
  ['behind the END of a context', [record(XC.HVM_CONTEXT, concat(contextOf().subarray(8), marked(CPU, 0)))]],
  ['in an entry whose length is wrong', [record(XC.HVM_CONTEXT, marked(CPU, 0).subarray(0, 700))]],
])('scrubbed registers %s are gone', async (_, contexts) => {
  const bytes = libxcStream(HVM, [pageData([{ pfn: 1, fill: 1 }]), ...contexts, end()]);
  const registers = Buffer.alloc(16, MARK);
  expect(Buffer.from(bytes).includes(registers)).toBe(true);
  const out = await blanked(bytes, 'registers');
  expect(out).toHaveLength(bytes.length);
  expect(Buffer.from(out).includes(registers)).toBe(false);
  // Whoever reads on behind it finds the END where it was.
  expect(linesOf(await scanBytes(out)).at(-1)).toBe(linesOf(await scanBytes(bytes)).at(-1));
});

const notesOf = async (bytes: Uint8Array, options: BlankOptions = {}): Promise<readonly string[]> =>
  (await blankPlan(await exportable(bytes), options)).notes;

test('says what is kept and filled, by kind and size', async () => {
  const [kept, filled, looked] = (await notesOf(smallPv)).map((note) => note.replaceAll(/\s/gu, ' '));
  expect(kept).toBe(
    'Kept: headers and framing 212 B, lists of pages 24 B, facts of the guest 48 B, CPU policy 64 B, state of vCPUs 120 B, configuration 28 B.',
  );
  expect(filled).toBe('Filled: page contents 4 096 B.');
  expect(looked).toBe('Looked over: of 1 page sampled no block of 16 bytes is left.');
});

test('bytes without a known meaning stay when asked', async () => {
  const note = Buffer.from(latin1('for whom it concerns'));
  const image = libxcStream(HVM, [
    pageData([{ pfn: 1, fill: 0x61 }]),
    record(0x8000_0042, note),
    record(XC.TOOLSTACK, note),
    end(),
  ]);
  const write = async (options: BlankOptions): Promise<Buffer> => {
    const file = await exportable(image);
    return Buffer.from(await written(await blankPlan(file, options), file.source));
  };
  expect((await write({})).includes(note)).toBe(false);
  const out = await write({ keepUnknown: true });
  expect(out.indexOf(note)).toBe(40 + 16 + 8 + 4096 + 8);
  expect(out.lastIndexOf(note)).toBe(40 + 16 + 8 + 4096 + 8 + 24 + 8);
  expect(out.includes(Buffer.alloc(16, 0x61))).toBe(false);
  expect((await scanBytes(out)).fingerprint).toBe((await scanBytes(image)).fingerprint);
});

/** Sixteen different bytes, over and over. */
const unlike = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => 0x40 + (index % 16));

test('what would be kept is not what stands in pages', async () => {
  const page = pageData([{ pfn: 1 }]);
  page.set(unlike(4096), page.length - 4096);
  const shared = record(XC.SHARED_INFO, concat(unlike(2344), new Uint8Array(4096 - 2344)));
  const image = libxcStream(PV, [pvInfo(), p2mFrames(0x1f, [0x1c]), page, tscInfo(), shared, end()]);
  await expect(notesOf(image)).rejects.toThrow('what would be kept at 0x');
});

test('registers hold what memory holds: that is told', async () => {
  const page = pageData([{ pfn: 1 }]);
  page.set(unlike(4096), page.length - 4096);
  const msrs = record(XC.VCPU_MSRS, concat(u32(0), u32(0), u32(0x10), u32(0), unlike(16).subarray(0, 8)));
  const cpu = record(XC.VCPU_BASIC, concat(u32(0), u32(0), unlike(512), new Uint8Array(2800 - 512)));
  const image = libxcStream(PV, [pvInfo(4, 3), p2mFrames(0x1f, [0x1c]), page, tscInfo(), cpu, msrs, end()]);
  const notes = await notesOf(image);
  expect(notes[2]).toMatch(/^Looked over: of 1 page sampled \d+ blocks of 16 bytes also stand in registers/u);
  expect((await notesOf(image, { scrub: new Set(['registers']) }))[2]).toBe(
    'Looked over: of 1 page sampled no block of 16 bytes is left.',
  );
});

test('a copy with another fingerprint says so', async () => {
  expect((await notesOf(smallPv, { scrub: new Set(['config']) }))[3]).toMatch(
    /^What was filled changes the fingerprint/u,
  );
  expect((await notesOf(smallPv))[3]).toBe('The fingerprint is that of the original: links work on both.');
});
