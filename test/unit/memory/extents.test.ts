/** Memory page by page: what is there, holes with their reasons and their true ends, and where memory goes on. */
import { describe, expect, test } from 'vitest';
import { byPfn, byTables, extents, windowOf } from '../../../src/memory/space/extents';
import type { PagingRegisters } from '../../../src/format/paging/paging';
import { map, PlainMemory, SHAPES } from '../../fixtures/built/tables';

const REGISTERS: PagingRegisters = { kind: 'hvm', cr0: 0x8000_0001n, cr3: 0x10000n, cr4: 0x20n, efer: 0xd00n };
const LOWER = { start: 0n, end: 0x8000_0000_0000n };

/** Pages at 4 MiB, 4 MiB + 4 KiB, 4 MiB + 16 KiB (not in the image), 1 TiB. */
function guest() {
  const memory = new PlainMemory();
  memory.page(0x10);
  let next = 0x10;
  const newTable = (): number => ++next;
  for (const [va, pfn] of [
    [0x40_0000n, 5],
    [0x40_1000n, 3],
    [0x40_4000n, 0x99],
    [0x100_0000_0000n, 5],
  ] as const)
    map(memory, SHAPES['4-level'], 0x10000n, va, BigInt(pfn) << 12n, { newTable });
  memory.page(5);
  memory.page(3);
  const image = memory.image();
  const offset = (pfn: number): number => {
    const page = image.page(pfn);
    return page.state === 'here' ? page.offset : -1;
  };
  return { find: byTables(image, REGISTERS), pfns: byPfn(image), five: offset(5), three: offset(3) };
}

test('pages in the order of addresses, wherever they stand in the file', async () => {
  const { find, five, three } = guest();
  expect(await extents(find, 0x40_0000n, 6)).toEqual([
    {
      at: 0x40_0000n,
      pages: [
        { offset: five, pfn: 5, record: 0 },
        { offset: three, pfn: 3, record: 0 },
      ],
    },
    // Two entries without P are one hole, told of as such.
    { at: 0x40_2000n, length: 0x2000, from: 0x40_2000n, to: 0x40_4000n, reason: 'no PTE is present' },
    {
      at: 0x40_4000n,
      length: 0x1000,
      from: 0x40_4000n,
      to: 0x40_5000n,
      reason: 'the page is not in the image: PFN 0x99: the image never mentions it',
    },
    { at: 0x40_5000n, length: 0x1000, from: 0x40_5000n, to: 0x40_6000n, reason: 'PTE 5 is not present' },
  ]);
});

test('a hole has the ends that its reason has, whatever was asked for', async () => {
  const { find } = guest();
  expect(await extents(find, 0x8100_0000n, 2)).toEqual([
    { at: 0x8100_0000n, length: 0x2000, from: 0x8000_0000n, to: 0xc000_0000n, reason: 'PDPTE 2 is not present' },
  ]);
});

test('by PFN: the pages of the image and what is not in it', async () => {
  const { pfns, three } = guest();
  expect(await extents(pfns, 0x3000n, 2)).toEqual([
    { at: 0x3000n, pages: [{ offset: three, pfn: 3, record: 0 }] },
    {
      at: 0x4000n,
      length: 0x1000,
      from: 0x4000n,
      to: 0x5000n,
      reason: 'the page is not in the image: PFN 0x4: the image never mentions it',
    },
  ]);
});

test('it ends with the last address', async () => {
  const { find } = guest();
  const [only, ...more] = await extents(find, 0xffff_ffff_ffff_f000n, 5);
  expect(only).toMatchObject({ length: 0x1000, to: 1n << 64n, reason: 'PML4E 511 is not present' });
  expect(more).toEqual([]);
});

describe('where memory goes on', () => {
  test('next to mapped edges at once', async () => {
    const { find } = guest();
    expect(await windowOf(find, 0x40_0000n, 2, LOWER)).toMatchObject({ before: 0x3f_ffffn, after: 0x40_2000n });
  });

  test('behind holes of any size; the page that the image lacks is none', async () => {
    const { find } = guest();
    expect(await windowOf(find, 0x40_2000n, 4, LOWER)).toMatchObject({ before: 0x40_1fffn, after: 0x100_0000_0000n });
    expect(await windowOf(find, 0x8000_0000n, 4, LOWER)).toMatchObject({ before: 0x40_1fffn, after: 0x100_0000_0000n });
  });

  test('a hole at the edge of the window is told of in full, as far as its reason stays', async () => {
    const { find } = guest();
    // Two PDEs of the window; none is there from 6 MiB to the end of the GiB, where it is PDPTEs that are missing.
    const { extents: holes } = await windowOf(find, 0x100_0000n, 1024, LOWER);
    expect(holes).toEqual([
      {
        at: 0x100_0000n,
        length: 0x40_0000,
        from: 0x60_0000n,
        to: 0x4000_0000n,
        reason: 'no PDE is present',
      },
    ]);
  });

  test('of one entry by itself, or of all that are like it around', async () => {
    const { find } = guest();
    // The page after the two that are there: PTEs 2 and 3, and nothing beyond them for the same reason.
    const inside = await windowOf(find, 0x40_2000n, 1, LOWER);
    expect(inside.extents).toMatchObject([{ from: 0x40_2000n, to: 0x40_4000n, reason: 'no PTE is present' }]);
    // The first two PDEs are missing: the third one has pages.
    const alone = await windowOf(find, 0x1000n, 1, LOWER);
    expect(alone.extents).toMatchObject([{ from: 0n, to: 0x40_0000n, reason: 'no PDE is present' }]);
  });

  test('nowhere where nothing follows', async () => {
    const { find } = guest();
    const last = await windowOf(find, 0x7fff_0000_0000n, 4, LOWER);
    expect(last).toMatchObject({ before: 0x100_0000_0fffn });
    expect(last).not.toHaveProperty('after');
    expect(await windowOf(find, 0x1000n, 1, LOWER)).not.toHaveProperty('before');
  });
});
