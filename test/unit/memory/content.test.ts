/** What pages hold: the classes on built pages, the pass over them, its bounds. */
import { describe, expect, test } from 'vitest';
import { ContentMap } from '../../../src/memory/content/content-map';
import { contentPass } from '../../../src/memory/content/pass';
import { twinOf } from '../../../src/memory/content/twin-of';
import { Twins } from '../../../src/memory/content/twins';
import { GuestMemory } from '../../../src/memory/guest-memory';
import { CONTENTS, contentState } from '../../../src/memory/map/content-layer';
import { NOTHING } from '../../../src/memory/map/layer';
import { ReadError } from '../../../src/source/source';
import { memorySource } from '../../../src/source/memory';
import { type GivenPage, pageStream, wordPage } from '../../fixtures/built/page-stream';
import { scanBytes } from '../../fixtures/scanning';

const text = 'The quick brown fox jumps over the lazy dog.\n';
/** Words of a generator with a long period. */
const noise = (seed: number): Uint8Array => {
  let state = seed;
  return wordPage(() => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  });
};

const PAGES: Readonly<Record<string, Uint8Array>> = {
  zero: new Uint8Array(4096),
  constant: wordPage(() => 0xcccc_cccc),
  text: Uint8Array.from({ length: 4096 }, (_, at) => text.charCodeAt(at % text.length)),
  /** 40 entries that lead to pages 0x10 and on: present, writable, accessed, dirty; not executable. */
  table: wordPage((index) => (index >= 80 ? 0 : index % 2 === 0 ? 0x10_063 + index * 0x800 : 0x8000_0000)),
  elf: Uint8Array.from({ length: 4096 }, (_, at) => [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1][at] ?? (at * 7) % 251),
  high: noise(12_345),
  low: wordPage((index) => (index % 64 === 0 ? index * 0x0101 : 0)),
  /** 64 different bytes: 6 bits each. */
  data: Uint8Array.from({ length: 4096 }, (_, at) => 0x80 + ((at * 13 + (at >> 6)) % 64)),
};

const tools = (signal = new AbortController().signal) => ({
  signal,
  onPart: () => undefined,
  onProgress: () => undefined,
  breathe: () => Promise.resolve(),
});

async function passOver(
  given: readonly (readonly GivenPage[])[],
  map = new ContentMap(),
  verify?: readonly GivenPage[],
) {
  const bytes = pageStream(given, verify);
  const { pages, image } = await scanBytes(bytes);
  const part = await contentPass({ pages, image, source: memorySource(bytes) }, map, tools());
  return { map, part };
}

const nameOf = (map: ContentMap, pfn: number): string | undefined => {
  const state = map.at(pfn);
  return state === undefined ? undefined : state === NOTHING ? 'none' : CONTENTS[state];
};

describe('classes', () => {
  const given = Object.entries(PAGES).map(([name, bytes], pfn) => ({ name, pfn: pfn + 0x40, bytes }));

  test.each(given)('a page that is $name', async ({ name, pfn }) => {
    const { map } = await passOver([given]);
    expect(nameOf(map, pfn)).toBe(name);
  });

  test('a word of 8 bytes repeated is constant, one of 16 is not', async () => {
    const words = [0x0040_0483, 0xffff_ffff, 0x1234_5678, 0xffff_ffff];
    const { map } = await passOver([
      [
        { pfn: 3, bytes: wordPage((index) => words[index % 2] ?? 0) },
        { pfn: 4, bytes: wordPage((index) => words[index % 4] ?? 0) },
      ],
    ]);
    expect([nameOf(map, 3), nameOf(map, 4)]).toEqual(['constant', 'low']);
  });

  test('the counts, and ordinary pages that are zero', async () => {
    const { part } = await passOver([given]);
    for (const name of CONTENTS) expect(part.counts[contentState(name)], name).toBe(name in PAGES ? 1 : 0);
    expect(part).toMatchObject({ zeroOrdinary: 1, read: 8, failed: 0, full: false, twinsFull: false });
  });
});

test('a page table of a PV guest is one by its type, whatever it holds', async () => {
  const bytes = wordPage((index) => index * 3);
  const { map } = await passOver([[{ pfn: 1, type: 0x9, bytes }]]);
  expect(nameOf(map, 1)).toBe('table');
});

test('of pages alike the first is itself and the others are copies; zero pages are not', async () => {
  const [one, other] = [noise(1), noise(2)];
  const { map } = await passOver([
    [
      { pfn: 3, bytes: one },
      { pfn: 2, bytes: one },
      { pfn: 9, bytes: other },
      { pfn: 3000, bytes: one },
      { pfn: 4, bytes: new Uint8Array(4096) },
      { pfn: 5, bytes: new Uint8Array(4096) },
    ],
  ]);
  expect([2, 3, 9, 3000, 4, 5].map((pfn) => nameOf(map, pfn))).toEqual([
    'high',
    'duplicate',
    'high',
    'duplicate',
    'zero',
    'zero',
  ]);
  expect(nameOf(map, 10)).toBe('none');
  expect(nameOf(map, 20_000)).toBeUndefined();
});

test('the last copy that a restore stores counts', async () => {
  const zero = new Uint8Array(4096);
  const { map } = await passOver([[{ pfn: 1, bytes: noise(1) }], [{ pfn: 1, bytes: zero }]], new ContentMap(), [
    { pfn: 1, bytes: noise(2) },
  ]);
  expect(nameOf(map, 1)).toBe('zero');
});

test('the page that another one is a copy of', async () => {
  const bytes = pageStream([
    [
      { pfn: 3, bytes: noise(1) },
      { pfn: 7, bytes: noise(2) },
      { pfn: 9, bytes: noise(1) },
    ],
  ]);
  const { pages, image } = await scanBytes(bytes);
  const source = memorySource(bytes);
  const memory = new GuestMemory(source, pages, image);
  const map = new ContentMap();
  expect(await twinOf(memory, map.twins, 9)).toBeUndefined();
  await contentPass({ pages, image, source }, map, tools());
  expect(await twinOf(memory, map.twins, 9)).toBe(3);
  expect(await Promise.all([3, 7, 100].map((pfn) => twinOf(memory, map.twins, pfn)))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('bounds: granules beyond the room are left out, and hashes beyond theirs are not compared', async () => {
  const given = Array.from({ length: 4 }, (_, at) => ({ pfn: at * 1024, bytes: noise(at + 1) }));
  const { map, part } = await passOver([given], new ContentMap(2));
  expect(part).toMatchObject({ full: true, read: 2 });
  expect(nameOf(map, 3072)).toBeUndefined();
  // 4096 slots of which three quarters are used.
  const many = Array.from({ length: 3080 }, (_, pfn) => ({ pfn, bytes: wordPage((index) => pfn * 1024 + index) }));
  const again = { pfn: 4000, bytes: wordPage((index) => index) };
  const late = { pfn: 4001, bytes: wordPage((index) => 3079 * 1024 + index) };
  const small = await passOver([[...many, again, late]], new ContentMap(16, new Twins(4096)));
  expect(small.part.twinsFull).toBe(true);
  expect(nameOf(small.map, 4000)).toBe('duplicate');
  expect(nameOf(small.map, 4001)).not.toBe('duplicate');
});

test('a pass that was cancelled goes on where it was', async () => {
  const given = Array.from({ length: 5 }, (_, at) => ({ pfn: at * 1024, bytes: noise(at + 1) }));
  const bytes = pageStream([given]);
  const { pages, image } = await scanBytes(bytes);
  const memory = { pages, image, source: memorySource(bytes) };
  const map = new ContentMap();
  const abort = new AbortController();
  let breaths = 0;
  await contentPass(memory, map, {
    ...tools(abort.signal),
    breathe: () => {
      if (map.read > 0 && ++breaths === 2) abort.abort();
      return Promise.resolve();
    },
  });
  expect(map.read).toBe(2);
  const part = await contentPass(memory, map, tools());
  expect(part.read).toBe(5);
  expect(part.counts[contentState('high')]).toBe(5);
});

test('a pass that goes on while a cancelled one still reads counts each page once', async () => {
  const bytes = pageStream([[{ pfn: 1, bytes: noise(1) }], [{ pfn: 5000, bytes: noise(2) }]]);
  const { pages, image } = await scanBytes(bytes);
  const memory = { pages, image, source: memorySource(bytes) };
  const map = new ContentMap();
  const cancel = new AbortController();
  const first = contentPass(memory, map, tools(cancel.signal));
  const second = contentPass(memory, map, tools());
  cancel.abort();
  await Promise.all([first, second]);
  expect(map.read).toBe(2);
  expect(map.counts[contentState('high')]).toBe(2);
});

test('two passes at once count each page once', async () => {
  const bytes = pageStream([[{ pfn: 1, bytes: noise(1) }]]);
  const { pages, image } = await scanBytes(bytes);
  const memory = { pages, image, source: memorySource(bytes) };
  const map = new ContentMap();
  await Promise.all([contentPass(memory, map, tools()), contentPass(memory, map, tools())]);
  expect(map.read).toBe(1);
});

test('what cannot be read is not looked at, and said', async () => {
  const bytes = pageStream([[{ pfn: 1, bytes: noise(1) }]]);
  const { pages, image } = await scanBytes(bytes);
  const source = { name: 'broken', size: bytes.length, read: (at: number) => Promise.reject(new ReadError(at, 'no')) };
  const map = new ContentMap();
  const part = await contentPass({ pages, image, source }, map, tools());
  expect(part.failed).toBe(1);
  expect(nameOf(map, 1)).toBe('unread');
});

test('cells: what is not read yet is shown so, and a cell is zero only if all of it is', async () => {
  const { map } = await passOver([
    [
      { pfn: 0, bytes: new Uint8Array(4096) },
      { pfn: 1, bytes: new Uint8Array(4096) },
      { pfn: 4, bytes: new Uint8Array(4096) },
      { pfn: 5, bytes: noise(1) },
    ],
  ]);
  const cells = map.cells({ layer: 'content', start: 0, perCell: 4, cells: 300 }, () => true);
  expect([...cells.subarray(0, 3)]).toEqual([contentState('zero'), contentState('high'), NOTHING]);
  expect(cells[256]).toBe(contentState('unread'));
});
