/** What the page tables of several vCPUs map together: shared tables once, within one limit. */
import { expect, test } from 'vitest';
import type { Paging } from '../../../../src/format/paging/paging';
import { pagingsOf } from '../../../../src/format/paging/paging';
import { mappingsOf, sharedOf } from '../../../../src/memory/export/elf/mappings';
import { PlainMemory } from '../../../fixtures/built/tables';

const root = (pfn: number): Paging =>
  pagingsOf({ kind: 'hvm', cr0: 0x8000_0001n, cr3: BigInt(pfn) << 12n, cr4: 0x20n, efer: 0xd00n })[0];

/** Two roots with one kernel, at 0xffffff8000000000, and each with a page of its own at 0. */
function twoRoots(): PlainMemory {
  const memory = new PlainMemory();
  const chain = (first: number, page: number): void => {
    memory.setEntry(BigInt(first) << 12n, 8, (BigInt(first + 1) << 12n) | 0x67n);
    memory.setEntry(BigInt(first + 1) << 12n, 8, (BigInt(first + 2) << 12n) | 0x67n);
    memory.setEntry(BigInt(first + 2) << 12n, 8, (BigInt(page) << 12n) | 0x67n);
    memory.page(page);
  };
  chain(0x10, 0x100);
  chain(0x20, 0x200);
  chain(0x30, 0x300);
  for (const [at, own] of [
    [2, 0x10],
    [3, 0x20],
  ] as const) {
    memory.setEntry(BigInt(at) << 12n, 8, (BigInt(own) << 12n) | 0x67n);
    memory.setEntry((BigInt(at) << 12n) + 511n * 8n, 8, 0x3_0067n);
  }
  return memory;
}

test('a table that both have at one place is gone through once', async () => {
  const memory = twoRoots().image();
  const shared = sharedOf({ tableLimit: 100 });
  const first = await mappingsOf(memory, root(2), {}, shared);
  expect(first.list).toEqual([
    { va: 0, pfn: 0x100, count: 1 },
    { va: 0xf_ffff_f800_0000, pfn: 0x300, count: 1 },
  ]);
  // The root, and three tables each of what is its own and the kernel's.
  expect(shared.tables).toBe(93);
  const second = await mappingsOf(memory, root(3), {}, shared);
  expect(second).toEqual({ list: [{ va: 0, pfn: 0x200, count: 1 }], capped: false, repeated: false });
  expect(shared.tables).toBe(89);
});

test('the limit of tables is that of all', async () => {
  const memory = twoRoots().image();
  const shared = sharedOf({ tableLimit: 8 });
  expect((await mappingsOf(memory, root(2), {}, shared)).capped).toBe(false);
  expect((await mappingsOf(memory, root(3), {}, shared)).capped).toBe(true);
});
