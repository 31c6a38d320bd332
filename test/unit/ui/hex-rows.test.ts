/** Lines of a window on virtual memory, and where the keys lead in it. */
import { describe, expect, test } from 'vitest';
import { windowLines } from '../../../src/ui/space/window-lines';
import { HexRows, isWithin, windowAround } from '../../../src/ui/space/hex-rows';

const page = (offset: number) => ({ offset, pfn: offset / 4096, record: 0 });
const WINDOW = { start: 0x40_0000n, pages: 8, limits: { start: 0n, end: 1n << 47n } };
/** Two pages, a hole of three, one page, a hole of two. */
const rows = new HexRows(WINDOW, {
  extents: [
    { at: 0x40_0000n, pages: [page(0x9000), page(0x3000)] },
    { at: 0x40_2000n, length: 0x3000, from: 0x40_2000n, to: 0x40_5000n, reason: 'no PTE is present' },
    { at: 0x40_5000n, pages: [page(0x7000)] },
    { at: 0x40_6000n, length: 0x2000, from: 0x40_6000n, to: 0x40_9000n, reason: 'no PTE is present' },
  ],
  before: 0x3f_ffffn,
  after: 0x50_0000n,
});

test('a line for sixteen bytes, one for a whole hole, one at either end', () => {
  expect(rows.count).toBe(1 + 512 + 1 + 256 + 1 + 1);
  expect(rows.line(0)).toMatchObject({ kind: 'before', to: 0x3f_ffffn });
  expect(rows.line(1)).toEqual({ kind: 'bytes', at: 0 });
  expect(rows.line(512)).toEqual({ kind: 'bytes', at: 0x1ff0 });
  expect(rows.line(513)).toMatchObject({ kind: 'hole', at: 0x2000, length: 0x3000, reason: 'no PTE is present' });
  expect(rows.line(514)).toEqual({ kind: 'bytes', at: 0x5000 });
  expect(rows.line(770)).toMatchObject({ kind: 'hole', from: 0x40_6000n, whole: 0x3000 });
  expect(rows.line(771)).toMatchObject({ kind: 'after', to: 0x50_0000n });
  expect([rows.beyond(-1), rows.beyond(0x8000)]).toEqual([0x3f_ffffn, 0x50_0000n]);
  expect(rows.line(772)).toBeUndefined();
});

test('from a position to its line, its page and its hole', () => {
  expect([-1, 0, 15, 16, 0x2000, 0x4fff, 0x5000, 0x7fff, 0x8000].map((at) => rows.rowAt(at))).toEqual([
    -1, 1, 1, 2, 513, 513, 514, 770, -1,
  ]);
  expect([0, 0xfff, 0x1000, 0x2000, 0x5008].map((at) => rows.pageAt(at)?.offset)).toEqual([
    0x9000,
    0x9000,
    0x3000,
    undefined,
    0x7000,
  ]);
  expect(rows.holeAt(0x4000)?.at).toBe(0x2000);
});

describe('keys', () => {
  const to = (at: number, key: string, ctrlKey = false): number | undefined =>
    windowLines(rows).target(at, { key, ctrlKey, metaKey: false }, 10);

  test.each([
    [0x18, 'ArrowLeft', 0x17],
    [0x18, 'ArrowRight', 0x19],
    [0x18, 'ArrowUp', 0x08],
    [0x18, 'ArrowDown', 0x28],
    [0x18, 'Home', 0x10],
    [0x18, 'End', 0x1f],
    // Out of the window: another one is shown then.
    [0x08, 'ArrowUp', -0x08],
    [0, 'ArrowLeft', -1],
  ])('0x%s %s', (at, key, expected) => {
    expect(to(at, key)).toBe(expected);
  });

  test('a hole is entered and left in one step, in both directions', () => {
    expect(to(0x1ff8, 'ArrowDown')).toBe(0x2008);
    expect(rows.rowAt(0x2008)).toBe(513);
    expect(to(0x2008, 'ArrowDown')).toBe(0x5008);
    expect(to(0x5008, 'ArrowUp')).toBe(0x2000);
    expect(to(0x2000, 'ArrowUp')).toBe(0x1ff0);
    expect(to(0x2000, 'ArrowRight')).toBe(0x5000);
    expect(to(0x5000, 'ArrowLeft')).toBe(0x2000);
    expect(to(0x2000, 'ArrowLeft')).toBe(0x1fff);
  });

  test('a page of lines counts a hole as one', () => {
    expect(to(0x1ff8, 'PageDown')).toBe(0x5088);
    expect(to(0x5088, 'PageUp')).toBe(0x1ff8);
    expect(to(0x08, 'PageUp')).toBe(-1);
    expect(to(0x7000, 'PageDown')).toBe(0x8000);
  });

  test('the ends of the window, and keys of others', () => {
    expect(to(0x18, 'Home', true)).toBe(0);
    expect(to(0x18, 'End', true)).toBe(0x7fff);
    expect(to(0x18, 'a')).toBeUndefined();
  });
});

describe('windows', () => {
  test('around an address, 2 MiB on either side', () => {
    expect(windowAround(0xffff_ffff_81a4_42b5n, 48)).toEqual({
      start: 0xffff_ffff_8184_4000n,
      pages: 1024,
      limits: { start: 0xffff_8000_0000_0000n, end: 1n << 64n },
    });
  });

  test.each([
    ['the lowest page', 0x123n, 48, 0n, 512],
    ['the highest', 0xffff_ffff_ffff_ffffn, 48, 0xffff_ffff_ffdf_f000n, 513],
    ['the end of the lower half', 0x7fff_ffff_f000n, 48, 0x7fff_ffdf_f000n, 513],
    ['the start of the upper half of five levels', 0xff00_0000_0000_0000n, 57, 0xff00_0000_0000_0000n, 512],
    ['the end of 32 bits', 0xffff_ff00n, 32, 0xffdf_f000n, 513],
  ])('%s', (_, va, bits, start, pages) => {
    const found = windowAround(va, bits);
    expect(found).toMatchObject({ start, pages });
    expect(found && isWithin(found, va)).toBe(true);
  });

  test.each([
    [0x8000_0000_0000n, 48],
    [0xffff_7fff_ffff_ffffn, 48],
    [0x1_0000_0000n, 32],
  ])('0x%s is not canonical with %s bits', (va, bits) => {
    expect(windowAround(va, bits)).toBeUndefined();
  });
});
