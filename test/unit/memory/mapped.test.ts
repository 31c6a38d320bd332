/** What a stretch of addresses maps: page by page, and within limits where tables map everything. */
import { expect, test } from 'vitest';
import { windowAt } from '../../../src/memory/code/window';
import { mappedPages, someLooks } from '../../../src/memory/linux/mapped';
import { pageAddresses } from '../../../src/memory/kernel/page-addresses';
import { readSystemMap } from '../../../src/memory/symbols/system-map';
import type { PagingRegisters } from '../../../src/format/paging/paging';
import { GuestKernel } from '../../fixtures/built/guest-kernel';
import { PlainMemory } from '../../fixtures/built/tables';

const LONG = { kind: 'hvm', cr0: 0x8000_0001n, cr3: 0x2000n, cr4: 0x20n, efer: 0xd00n } as const;

async function listed(memory: PlainMemory, registers: PagingRegisters, from: bigint, to: bigint): Promise<string[]> {
  const found: string[] = [];
  for await (const { va, pfn } of mappedPages(memory.image(), registers, from, to))
    found.push(`${va.toString(16)} ${pfn.toString(16)}`);
  return found;
}

test('pages in the order of their addresses, within the stretch asked for', async () => {
  const kernel = new GuestKernel(8, 3);
  kernel.map(0x40_0000n, 0x300);
  const { memory } = kernel.image();
  const found: (readonly [bigint, number])[] = [];
  for await (const { va, pfn } of mappedPages(memory, kernel.registers, 0n, kernel.base + 0x2000n))
    found.push([va, pfn]);
  expect(found).toEqual([
    [0x40_0000n, 0x300],
    [0xffff_ffff_8200_0000n, 0x100],
    [0xffff_ffff_8200_1000n, 0x101],
  ]);
});

test('the part of a large page that is asked for', async () => {
  const memory = new PlainMemory();
  memory.setEntry(0x2000n, 8, 0x3067n);
  memory.setEntry(0x3000n, 8, 0x4067n);
  // 2 MiB at 2 MiB.
  memory.setEntry(0x4008n, 8, 0x20_00e7n);
  memory.page(0x201);
  memory.page(0x202);
  expect(await listed(memory, LONG, 0x20_1000n, 0x20_2000n)).toEqual(['201000 201']);
});

test('what has reserved bits set leads nowhere', async () => {
  const memory = new PlainMemory();
  // Bit 7 of an entry of the root.
  memory.setEntry(0x2000n, 8, 0x20e7n);
  expect(await listed(memory, LONG, 0n, 1n << 47n)).toEqual([]);
});

test('a table that maps itself everywhere ends with what may be looked at', async () => {
  const memory = new PlainMemory();
  for (let at = 0x2000n; at < 0x3000n; at += 8n) memory.setEntry(at, 8, 0x2067n);
  const image = memory.image();
  const looks = { left: 10_000 };
  let pages = 0;
  for await (const { pfn } of mappedPages(image, LONG, 0n, (1n << 64n) - 1n, looks)) pages += pfn === 2 ? 1 : 0;
  expect(looks.left).toBeLessThanOrEqual(0);
  expect(pages).toBeGreaterThan(1000);
  expect(pages).toBeLessThan(10_000);
  // Symbols from one end of all addresses to the other.
  const symbols = readSystemMap(new TextEncoder().encode('8000000000000000 T a\nffffffffffffff00 T z\n'));
  expect([...(await pageAddresses(image, [LONG, { ...LONG, efer: 0xd01n }], symbols))]).toEqual([
    [2, 0xffff_8000_0000_0000n],
  ]);
  expect(someLooks().left).toBeLessThan(2 ** 22);
});

test('code at the end of 32-bit addresses does not go on at 0', async () => {
  const memory = new PlainMemory();
  memory.page(0).fill(0x11);
  memory.page(0xf_ffff).fill(0x22);
  const registers = { kind: 'hvm', cr0: 0n, cr3: 0n, cr4: 0n, efer: 0n } as const;
  const window = await windowAt(memory.image(), registers, 0xffff_fff0n, { before: 0, after: 64 });
  expect('bytes' in window && [...window.bytes]).toEqual(Array.from({ length: 16 }, () => 0x22));
});
