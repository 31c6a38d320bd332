/** Maps of address spaces: as a plain model lists them, agreeing with walks, and bounded whatever the tables say. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { MODES } from '../../../src/format/paging/modes';
import type { Paging } from '../../../src/format/paging/paging';
import { type Mode, MODES_OF_TABLES, NOISE, noiseTables, ROOT_PFN } from '../../fixtures/built/noise-tables';
import { plainSpace } from '../../fixtures/plain/space';
import { plainWalk } from '../../fixtures/plain/walk';
import { mapped } from '../../fixtures/space';
import { PlainMemory, SHAPES } from '../../fixtures/built/tables';

const ROOT = BigInt(ROOT_PFN) << 12n;
const paging = (mode: Mode, more: Partial<Paging> = {}): Paging => ({
  mode: MODES[mode],
  root: ROOT,
  pse: true,
  nx: true,
  addressBits: 52,
  ...more,
});

describe.each(MODES_OF_TABLES)('%s', (mode) => {
  test.prop([NOISE, fc.array(fc.nat(), { minLength: 5, maxLength: 5 })], { numRuns: 100 })(
    'as the plain model lists it, and as walks find it',
    async (noise, picks) => {
      const { memory, pages } = noiseTables(mode, noise);
      const isPv = mode === 'pv64' || mode === 'pv32';
      const { pse, nx, width } = isPv ? { pse: false, nx: true, width: 52 } : noise;
      const rules = { mode, root: ROOT, pse, nx, width };
      const { ranges, result } = await mapped(memory.image(), paging(mode, { pse, nx, addressBits: width }));
      const expected = plainSpace(pages, rules);
      expect(ranges).toEqual(expected);
      expect(result).toMatchObject({ ranges: result.ranges, capped: false, cancelled: false });
      for (const pick of picks) {
        const range = ranges[pick % Math.max(1, ranges.length)];
        if (!range) continue;
        const inside = range.va + ((BigInt(pick) * 4096n) % (range.end - range.va));
        const found = plainWalk(pages, rules, inside);
        expect(typeof found === 'string' ? found : `${found.rights} ${found.size}`).toBe(range.how);
      }
    },
  );
});

/** A root whose every entry leads to one table, and so on down; the last maps `leaf` everywhere. */
function shared(mode: Mode, leaf: bigint, { selfMapped = false } = {}): PlainMemory {
  const memory = new PlainMemory();
  const { levels, entry } = SHAPES[mode];
  for (const depth of levels.keys()) {
    const pfn = ROOT_PFN + depth;
    memory.page(pfn);
    const isLast = depth === levels.length - 1;
    const next = selfMapped ? ROOT : BigInt(pfn + 1) << 12n;
    const target = isLast && !selfMapped ? leaf : next | 7n;
    for (let at = 0; at < 4096; at += entry) memory.setEntry((BigInt(pfn) << 12n) + BigInt(at), entry, target);
  }
  return memory;
}

plain('2^45 pages through shared tables are one range in each half, out of five tables', async () => {
  const { ranges, result } = await mapped(shared('5-level', 0x5007n).image(), paging('5-level'));
  expect(ranges).toEqual([
    { va: 0n, end: 1n << 56n, how: 'wux- 4096' },
    { va: 0xff00_0000_0000_0000n, end: 1n << 64n, how: 'wux- 4096' },
  ]);
  expect(result).toEqual({ ranges: 2, tables: 5, capped: false, cancelled: false });
});

plain('a table of which every entry is itself costs one reading a level', async () => {
  const memory = shared('4-level', 0n, { selfMapped: true });
  const { result } = await mapped(memory.image(), paging('4-level'));
  expect(result).toEqual({ ranges: 2, tables: 4, capped: false, cancelled: false });
});

/** Every other page of the last table is mapped, and all tables are shared: 2^35 ranges. */
function striped(): PlainMemory {
  const memory = shared('4-level', 0x5007n);
  for (let index = 0; index < 512; index += 2) memory.setEntry(BigInt(ROOT_PFN + 3) * 4096n + BigInt(index * 8), 8, 0n);
  return memory;
}

plain('more ranges than a map may have: it ends there and says so', async () => {
  const { ranges, result } = await mapped(striped().image(), paging('4-level'), { rangeLimit: 1000 });
  expect(result.capped).toBe(true);
  expect(ranges.length).toBeGreaterThan(1000);
  expect(ranges.length).toBeLessThan(2000);
  // What is there is right, from the lowest address on.
  expect(ranges.map(({ va }) => va)).toEqual(ranges.map((_, index) => BigInt(index) * 0x2000n + 0x1000n));
});

plain('without limits of its own the map of such tables is bounded', async () => {
  const { ranges, result } = await mapped(striped().image(), paging('4-level'));
  expect(result.capped).toBe(true);
  expect(ranges.length).toBeLessThan(300_000);
});

plain('copies are limited too', async () => {
  const { result } = await mapped(striped().image(), paging('4-level'), { copyLimit: 300 });
  expect(result.capped).toBe(true);
});

plain('parts come while it runs, and a cancelled map ends', async () => {
  const memory = new PlainMemory();
  memory.page(ROOT_PFN);
  for (const [slot, table] of [
    [0, 2],
    [1, 3],
    [2, 2],
  ] as const) {
    memory.page(table);
    memory.setEntry(ROOT + BigInt(slot * 4), 4, BigInt(table << 12) | 7n);
    memory.setEntry(BigInt(table << 12), 4, 0x9007n);
    memory.setEntry(BigInt(table << 12) + 16n, 4, 0x9005n);
  }
  const whole = await mapped(memory.image(), paging('32-bit'));
  expect(whole.ranges).toHaveLength(6);
  expect(whole.parts).toBeGreaterThan(1);
  const abort = new AbortController();
  abort.abort();
  const none = await mapped(memory.image(), paging('32-bit'), { signal: abort.signal });
  expect(none.result).toMatchObject({ ranges: 0, cancelled: true });
});

plain('without paging all is one range of physical addresses', async () => {
  const flat = { mode: MODES.real, root: 0n, pse: false, nx: false, addressBits: 40 };
  const { ranges } = await mapped(new PlainMemory().image(), flat);
  expect(ranges).toEqual([{ va: 0n, end: 1n << 32n, how: 'wux- 4096' }]);
});

plain('a top table that is not there: both halves say so', async () => {
  const { ranges } = await mapped(new PlainMemory().image(), paging('4-level'));
  expect(ranges).toEqual([
    { va: 0n, end: 0x8000_0000_0000n, how: 'absent' },
    { va: 0xffff_8000_0000_0000n, end: 1n << 64n, how: 'absent' },
  ]);
});
