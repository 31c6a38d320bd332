/** The names that a Linux kernel carries with it: both orders of the tables, both kinds of addresses; tables that lie. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { readKallsyms } from '../../../src/memory/linux/kallsyms';
import { namedText } from '../../../src/memory/symbols/table';
import { kallsyms, type KernelSymbol } from '../../fixtures/built/kallsyms';

const BASE = 0xffff_ffff_9b00_0000n;
const COUNT = 2500;
const LONG = 'x'.repeat(300);

const SYMBOLS: readonly KernelSymbol[] = [
  { type: 'D', name: 'per_cpu_start', va: 0n },
  { type: 'D', name: 'per_cpu_thing', va: 0x1_3000n },
  ...Array.from({ length: COUNT - 3 }, (_, index) => ({
    type: index % 2 === 0 ? 'T' : 't',
    name: index === 700 ? LONG : `symbol_${index}`,
    va: BASE + BigInt(index * 32),
  })),
  { type: 'B', name: '_end', va: BASE + 0x100_0000n },
];
const WITHOUT_PERCPU = SYMBOLS.slice(2);

/** The tables somewhere in other memory, on an address that is a multiple of 8. */
function inMemory(tables: Uint8Array, before = 4104): { va: bigint; bytes: Uint8Array } {
  const bytes = new Uint8Array(before + tables.length + 512).fill(0x30, 0, before - 64);
  bytes.set(tables, before);
  return { va: BASE + 0x80_0000n, bytes };
}

describe.each([
  ['before 6.5, per-CPU variables among them', { newer: false, percpu: true }],
  ['since 6.5, per-CPU variables among them', { newer: true, percpu: true }],
  ['since 6.5, all relative to the base', { newer: true, percpu: false }],
  ['before 6.5, all relative to the base', { newer: false, percpu: false }],
] as const)('%s', (_, options) => {
  const symbols = options.percpu ? SYMBOLS : WITHOUT_PERCPU;
  const tables = kallsyms(symbols, { ...options, base: BASE });

  plain('names at their addresses', () => {
    const table = readKallsyms(inMemory(tables));
    // The offsets of per-CPU variables are no places in the kernel.
    expect(table?.count).toBe(COUNT - 2);
    const nameAt = (va: bigint): string | undefined => {
      const found = table?.find(va);
      return found && namedText(found);
    };
    expect(nameAt(BASE)).toBe('symbol_0');
    expect(nameAt(BASE + 0x29n)).toBe('symbol_1+0x9');
    expect(nameAt(BASE + 700n * 32n)).toBe(LONG);
    expect(nameAt(BASE + 2496n * 32n + 1n)).toBe('symbol_2496+0x1');
    expect(table?.addressOf('_end')).toBe(BASE + 0x100_0000n);
  });

  plain('nothing where a table is cut, or one contradicts another', () => {
    const memory = inMemory(tables);
    const last = tables.length + 4104 - (options.newer ? 16 : 600);
    expect(readKallsyms({ ...memory, bytes: memory.bytes.slice(0, last) })).toBeUndefined();
    const lying = memory.bytes.slice();
    // A length in the middle of the names: the markers no longer fit.
    const at = 4104 + tables.indexOf(0x82, 9000);
    lying[at - 1] = (lying[at - 1] ?? 0) + 1;
    expect(readKallsyms({ ...memory, bytes: lying })).toBeUndefined();
  });

  test.prop([fc.array(fc.tuple(fc.nat({ max: tables.length + 4000 }), fc.nat(255)), { minLength: 1, maxLength: 30 })], {
    numRuns: 40,
  })('memory that lies', (lies) => {
    const { va, bytes } = inMemory(tables);
    for (const [at, value] of lies) bytes[at] = value;
    const table = readKallsyms({ va, bytes });
    expect(table?.count ?? 0).toBeLessThanOrEqual(COUNT);
  });
});

plain('nothing in memory without such tables', () => {
  expect(readKallsyms({ va: BASE, bytes: new Uint8Array(0x10000) })).toBeUndefined();
  expect(
    readKallsyms({ va: BASE, bytes: new TextEncoder().encode('\x000\x001\x002\x003'.repeat(500)) }),
  ).toBeUndefined();
});

plain('memory made of beginnings costs no more than a bounded search', () => {
  const tables = kallsyms(WITHOUT_PERCPU, { base: BASE, newer: true, percpu: false });
  const tokens = tables.subarray(tables.length - 512 - 8 - (COUNT - 2) * 4 - 1024);
  const bytes = new Uint8Array(24 * 1024 * 1024);
  // Each eight bytes are a number of names, with names of one letter behind it as far as there are bytes.
  const word = Uint8Array.of(0x40, 0x42, 0x0f, 0, 0, 0, 0, 0);
  for (let at = 0; at < bytes.length - tokens.length; at += 8) bytes.set(word, at);
  bytes.set(tokens, bytes.length - tokens.length);
  expect(readKallsyms({ va: BASE, bytes })).toBeUndefined();
});

plain('digits over and over cost what a look at a table of tokens costs, and the search ends', () => {
  const digits = '0123456789'
    .split('')
    .map((digit) => `\0${digit}`)
    .join('');
  const bytes = new TextEncoder().encode(digits.repeat(20_000));
  const budget = { left: 256 * 100 };
  expect(readKallsyms({ va: BASE, bytes }, budget)).toBeUndefined();
  expect(budget.left).toBe(0);
});
