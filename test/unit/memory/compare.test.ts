/** Copies of a page compared: two by themselves, and what follows VERIFY with what came before. */
import { expect, test } from 'vitest';
import { loadIced } from '../../../src/memory/code/decoder';
import { pageCode } from '../../../src/memory/code/page-code';
import { diffPages } from '../../../src/memory/compare/diff';
import { type Verified, verifyPages } from '../../../src/memory/compare/verify';
import { tableEntries } from '../../../src/memory/walk/table-view';
import { memorySource } from '../../../src/source/memory';
import { pageStream, wordPage } from '../../fixtures/built/page-stream';
import { scanBytes } from '../../fixtures/scanning';

const filled = (byte: number): Uint8Array => new Uint8Array(4096).fill(byte);
const changed = (page: Uint8Array, ...places: readonly number[]): Uint8Array => {
  const copy = page.slice();
  for (const at of places) copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
};

test('the bytes and rows that differ', () => {
  const page = filled(7);
  expect(diffPages(page, page)).toEqual({ bytes: 0, first: undefined, rows: [] });
  expect(diffPages(page, changed(page, 0x21, 0x2f, 0x30, 0xfff))).toEqual({ bytes: 4, first: 0x21, rows: [2, 3, 255] });
});

async function verify(bytes: Uint8Array): Promise<Verified> {
  const { pages, image } = await scanBytes(bytes);
  const start = image.passes.find(({ kind }) => kind === 'verify');
  return verifyPages({ pages, source: memorySource(bytes) }, (start?.record ?? 0) - 1, {
    signal: new AbortController().signal,
    onPart: () => undefined,
    onProgress: () => undefined,
    breathe: () => Promise.resolve(),
  });
}

test('pages to be verified are held against the last copy before them', async () => {
  const found = await verify(
    pageStream(
      [
        [
          { pfn: 1, bytes: filled(1) },
          { pfn: 2, bytes: filled(2) },
          { pfn: 3, bytes: filled(3) },
        ],
        [{ pfn: 2, bytes: filled(9) }],
      ],
      [
        { pfn: 1, bytes: filled(1) },
        { pfn: 2, bytes: filled(2) },
        { pfn: 3, bytes: changed(filled(3), 0x123) },
        { pfn: 4, bytes: filled(0) },
        { pfn: 5, bytes: changed(filled(0), 5, 6) },
      ],
    ),
  );
  expect(found).toMatchObject({ pages: 5, unread: 0, differ: 3 });
  expect(found.mismatches.map(({ pfn, bytes, first }) => [pfn, bytes, first])).toEqual([
    [2, 4096, 0],
    [3, 1, 0x123],
    [5, 2, 5],
  ]);
  // Never sent before: what a restore has there is zero.
  expect(found.mismatches[2]?.before).toBeUndefined();
});

test('a page as a table: entries that are not zero, with where they lead', () => {
  // Entry 511 is 0x1b067: present, writable, user, accessed, dirty. Entry 3 is not present.
  const page = wordPage((index) => (index === 1022 ? 0x1_b067 : index === 6 ? 0x5000 : 0));
  expect(tableEntries(page, 8)).toEqual({
    present: 1,
    entries: [
      { index: 3, value: 0x5000n, present: false, pfn: 5, flags: [] },
      { index: 511, value: 0x1_b067n, present: true, pfn: 0x1b, flags: ['P', 'RW', 'US', 'A', 'D'] },
    ],
  });
  expect(tableEntries(page, 4).entries.map(({ index }) => index)).toEqual([6, 1022]);
});

test('a page as code: a vCPU is at an instruction, even where reading from the start would run over it', async () => {
  // mov eax, 0xc3 would swallow the ret at 2; jmp to the start of the page at 5.
  const page = new Uint8Array(4096).fill(0x90);
  page.set([0x90, 0xb8, 0xc3, 0x00, 0x00, 0x00, 0xeb, 0xf8]);
  const lines = pageCode(await loadIced(), page, { pfn: 0x12, bits: 64, anchors: [{ at: 2, vcpu: 1 }] });
  expect(lines.slice(0, 3).map(({ at, text }) => [at, text])).toEqual([
    [0, 'nop'],
    [1, '(bad)'],
    [2, 'ret'],
  ]);
  expect(lines[2]?.vcpus).toEqual([1]);
  const plain = pageCode(await loadIced(), page, { pfn: 0x12, bits: 64, anchors: [] });
  expect(plain[1]).toMatchObject({ at: 1, length: 5, text: 'mov eax, 0xc3' });
  expect(plain[2]).toMatchObject({ at: 6, leads: 0x1_2000n });
  expect(plain.reduce((sum, { length }) => sum + length, 0)).toBe(4096);
});
