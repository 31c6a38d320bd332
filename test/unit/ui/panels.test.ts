/** The pure parts of the panels: the arithmetic of the page map, the fetching of its cells, the configuration as rows. */
import { expect, test } from 'vitest';
import { decodeEmulatorContext } from '../../../src/format/libxl/emulator-context';
import { readJson } from '../../../src/format/text/json';
import { devicesOf, matches } from '../../../src/ui/config/devices';
import { fieldList, hasChildren, matchingRows, openRows, startsClosed } from '../../../src/ui/config/field-list';
import { occurrences, rowOf, rowSpan, textRows } from '../../../src/ui/config/text-rows';
import { MapTiles, tileCells } from '../../../src/ui/memory/map/tiles';
import { parsePage } from '../../../src/ui/memory/map/parse-page';
import { clampZoom, fitZoom, gridAt } from '../../../src/ui/memory/map/zoom';
import { concat, latin1, u32 } from '../../fixtures/built/stream';

test('at zoom 0 a row is 1 MiB, further out a cell holds four times as many pages each step', () => {
  expect(gridAt(0, 24_576, 640)).toMatchObject({ perCell: 1, columns: 256, perRow: 256, rows: 96 });
  expect(gridAt(2, 24_576, 640)).toMatchObject({ perCell: 16, columns: 256, rows: 6 });
  expect(gridAt(-2, 1024, 640)).toMatchObject({ perCell: 1, columns: 64, rows: 16, rowPx: 10 });
});

test('few rows are stretched to the height that there is, to 16 pixels or twice their width', () => {
  // 96 MiB in a low view: 24 rows of 4 MiB.
  expect(gridAt(1, 24_576, 424, 350)).toMatchObject({ rows: 24, rowPx: 14 });
  expect(gridAt(2, 24_576, 424, 350)).toMatchObject({ rows: 6, rowPx: 16 });
  expect(gridAt(-3, 512, 640, 1000)).toMatchObject({ rows: 16, rowPx: 40 });
  expect(gridAt(0, 24_576, 640, 600)).toMatchObject({ rows: 96, rowPx: 6 });
});

test.each([1, 256, 24_576, 2 ** 20, 2 ** 28, 2 ** 32])('all of %i pages are in view at the zoom that fits', (pfns) => {
  const zoom = fitZoom(pfns, 640, 480);
  const { rows, rowPx } = gridAt(zoom, pfns, 640, 480);
  expect(rows * rowPx).toBeLessThanOrEqual(480);
  expect(clampZoom(99, zoom)).toBe(Math.max(0, zoom));
});

test('what is beyond the last PFN is taken for an address', () => {
  expect(parsePage('0x2a10', 24_576)).toMatchObject({ pfn: 0x2a10, isAddress: false });
  expect(parsePage('2A10000', 24_576)).toMatchObject({ pfn: 0x2a10, isAddress: true });
  expect(parsePage('99999', 24_576)).toEqual({
    pfn: 0x99,
    isAddress: true,
    reading: 'PFN 0x99999 is beyond the last, 0x5fff; as a guest address: PFN 0x99',
  });
  expect(parsePage('fffffffff', 24_576)).toHaveProperty('problem');
  expect(parsePage('0xc0123456', 24_576)).toHaveProperty('problem');
  expect(parsePage('0xffffffff81a442b5', 24_576)).toEqual({ va: 0xffffffff81a442b5n, reading: 'A virtual address' });
  expect(parsePage('ffff800000000000', 24_576)).toHaveProperty('va', 0xffff800000000000n);
  expect(parsePage('zz', 24_576)).toHaveProperty('problem');
});

test('in a guest of 32 bits an address beyond its memory, or in the upper half, is a virtual one', () => {
  const va = (text: string, pfns: number) => parsePage(text, pfns, true);
  expect(va('0xc0123456', 0x4000)).toEqual({
    va: 0xc0123456n,
    reading: 'PFN 0xc0123456 is beyond the last, 0x3fff: taken for a virtual address',
  });
  // With 4 GiB of memory it could be a guest-physical one as well, but kernels are there.
  expect(va('0xc0123456', 0x10_0000)).toHaveProperty('va', 0xc0123456n);
  expect(va('ffffffff', 0x10_0000)).toHaveProperty('va', 0xffffffffn);
  expect(va('80000000', 0x10_0000)).toHaveProperty('va', 0x80000000n);
  expect(va('7fffffff', 0x10_0000)).toMatchObject({ pfn: 0x7ffff, isAddress: true });
  expect(va('8048000', 0x4000)).toHaveProperty('va', 0x8048000n);
  expect(va('123456', 0x4000)).toEqual({
    pfn: 0x123,
    isAddress: true,
    reading: 'PFN 0x123456 is beyond the last, 0x3fff; as a guest address: PFN 0x123; va: for a virtual one',
  });
  expect(va('3fff', 0x4000)).toMatchObject({ pfn: 0x3fff, isAddress: false });
  expect(va('100000000', 0x4000)).toHaveProperty('problem');
  expect(va('ffffffff81a442b5', 0x4000)).toHaveProperty('problem');
});

test('a word before it says what a number is', () => {
  expect(parsePage('pfn:2a10', 24_576, true)).toMatchObject({ pfn: 0x2a10, isAddress: false });
  expect(parsePage('pfn:99999', 24_576)).toEqual({ problem: 'PFN 0x99999 is beyond the last, 0x5fff' });
  expect(parsePage('pfn:c0123456', 24_576, true)).toHaveProperty('problem');
  expect(parsePage('pfn:ffffffff81a442b5', 24_576)).toHaveProperty('problem');
  expect(parsePage('gpa:0x2a10', 24_576)).toEqual({
    pfn: 2,
    isAddress: true,
    reading: 'Guest address 0x2a10: PFN 0x2',
  });
  expect(parsePage('GPA: 6000000', 24_576)).toEqual({ problem: 'Beyond the last page, PFN 0x5fff' });
  expect(parsePage('va:1000', 24_576)).toEqual({ va: 0x1000n, reading: 'A virtual address' });
  expect(parsePage('va 0x7fff_0000', 24_576, true)).toHaveProperty('va', 0x7fff0000n);
});

test('tiles in view are asked for once, two at a time, and again when the index has grown', async () => {
  const asked: number[] = [];
  let inFlight = 0;
  let most = 0;
  const tiles = new MapTiles(async (query) => {
    asked.push(query.start);
    most = Math.max(most, ++inFlight);
    await Promise.resolve();
    inFlight--;
    return { ...query, state: new Uint8Array(query.cells) };
  });
  const size = tileCells(1);
  const layer = 'type' as const;
  const wish = { layer, perCell: 1, firstCell: 0, lastCell: 3 * size - 1, stamp: '5', growing: false };
  tiles.want(wish);
  await expect.poll(() => asked).toEqual([0, size, 2 * size]);
  expect(most).toBe(2);
  await expect.poll(() => tiles.tile('type', 1, 2)?.start).toBe(2 * size);
  tiles.want(wish);
  expect(asked).toHaveLength(3);
  tiles.want({ ...wish, lastCell: 0, stamp: '6' });
  await expect.poll(() => asked).toHaveLength(4);
});

test('a request that fails stops the asking until it is tried again', async () => {
  let fails = true;
  const tiles = new MapTiles((query) =>
    fails ? Promise.reject(new Error('no worker')) : Promise.resolve({ ...query, state: new Uint8Array(query.cells) }),
  );
  tiles.want({ layer: 'type', perCell: 4, firstCell: 0, lastCell: 10, stamp: '1', growing: false });
  await expect.poll(() => tiles.problem).toBe('no worker');
  fails = false;
  tiles.retry();
  await expect.poll(() => tiles.tile('type', 4, 0)).toBeDefined();
  expect(tiles.problem).toBeUndefined();
});

test('a cell on its way shows what a coarser picture says of it, in its own layer', async () => {
  const tiles = new MapTiles((query) =>
    Promise.resolve({ ...query, state: new Uint8Array(query.cells).fill(query.perCell) }),
  );
  tiles.want({ layer: 'sends', perCell: 16, firstCell: 0, lastCell: 10, stamp: '', growing: false });
  await expect.poll(() => tiles.tile('sends', 16, 0)).toBeDefined();
  expect(tiles.guess('sends', 1, 5, 3)).toEqual(Uint8Array.of(16, 16, 16));
  expect(tiles.guess('type', 1, 5, 3)).toBeUndefined();
});

const json = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  const body = { bytes, offset: 0, length: bytes.length, claimed: bytes.length, littleEndian: true };
  return fieldList(readJson(body, 'JSON').children ?? []);
};

test('fields become rows, __proto__ being a name like any other', () => {
  const list = json('{"__proto__":{"a":1},"list":[null,"x"]}');
  expect(list.nodes.map(({ depth, field }) => [depth, field.name, field.text])).toEqual([
    [0, '__proto__', '{ 1 }'],
    [1, 'a', '1'],
    [0, 'list', '[ 2 ]'],
    [1, '[0]', 'null'],
    [1, '[1]', '"x"'],
  ]);
  expect(openRows(list, new Set([0]))).toEqual([0, 2, 3, 4]);
  expect(matchingRows(list, 'X')).toEqual({ rows: [2, 4], hits: 1 });
  expect([hasChildren(list, 0), hasChildren(list, 1)]).toEqual([true, false]);
});

test('of large trees only the top stands open', () => {
  expect(startsClosed(json('{"a":{"b":[1]}}')).size).toBe(0);
  const large = json(`{"a":{"b":[${'1,'.repeat(500)}1]}}`);
  expect(openRows(large, startsClosed(large))).toEqual([0, 1]);
});

test('the devices of QEMU: state and subsections counted, end mark left out', () => {
  const name = (text: string): Uint8Array => concat(Uint8Array.of(text.length), latin1(text));
  const big = (value: number): Uint8Array => u32(value, false);
  const section = concat(Uint8Array.of(4), big(7), name('apic'), big(1), big(3), new Uint8Array(9));
  const sub = concat(Uint8Array.of(5), name('apic_sipi'), big(1), new Uint8Array(8));
  const bytes = concat(u32(2), u32(0), latin1('QEVM'), big(3), section, sub, Uint8Array.of(0));
  const body = { bytes, offset: 0, length: bytes.length, claimed: bytes.length, littleEndian: true };
  const devices = devicesOf(decodeEmulatorContext(body));
  expect(devices).toMatchObject([
    { name: 'apic', section: 7, instance: 1, version: 3, bytes: 9 + 23, subsections: ['apic_sipi'] },
  ]);
  expect(devices.map((device) => [matches(device, 'SIPI'), matches(device, 'cpu')])).toEqual([[true, false]]);
});

test('long lines are broken, and positions found again in them', () => {
  const rows = textRows('ab\ncdefg\n\nh', 3);
  const shown = rows.starts.map((_, row) => rows.text.slice(...rowSpan(rows, row)));
  expect(shown).toEqual(['ab', 'cde', 'fg', '', 'h']);
  expect(rows.lines).toEqual([1, 2, 0, 3, 4]);
  expect(occurrences(rows.text, 'F').map((at) => rowOf(rows, at))).toEqual([2]);
});
