/**
 * Descriptor tables of real guests. What they should hold: vectors of SeaBIOS at the places that all BIOSes have had
 * them (its src/romlayout.S), segments that xen-hvmctx printed of the same domains, the GDT of Linux
 * (arch/x86/kernel/cpu/common.c), in which Xen gives all segments of a 64-bit guest to ring 3
 * (check_descriptor() in xen/arch/x86/pv/descriptor-tables.c).
 */
import { describe, expect, test } from 'vitest';
import { type DescriptorTables, descriptorTables } from '../../../src/memory/descriptors/tables';
import { memoryOf, savedVcpus } from '../../fixtures/memory';
import { type Sample, samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';

async function tablesOf(sample: Sample): Promise<ReadonlyMap<number, DescriptorTables>> {
  const bytes = sample.open();
  const scan = await scanBytes(bytes);
  const memory = memoryOf(bytes, scan);
  const found = new Map<number, DescriptorTables>();
  for (const { id, memory: vcpu } of savedVcpus(bytes, scan)) found.set(id, await descriptorTables(memory, vcpu));
  return found;
}

/** Entries of a table of a vCPU in short: `index base limit attributes`. */
function segments(tables: DescriptorTables | undefined): string[] {
  const rows = tables?.tables.find(({ name }) => name === 'GDT')?.rows ?? [];
  return rows.flatMap((row) => {
    if (row.kind !== 'segment' || row.segment.attributes === 0) return [];
    const { base, limit, attributes } = row.segment;
    return [[row.index, ...[base, limit, attributes].map((value) => value.toString(16))].join(' ')];
  });
}

const named = (pattern: RegExp): Sample[] => samples.filter(({ name }) => pattern.test(name));

/** Offsets in segment 0xf000. */
const BIOS_ENTRIES = [
  [0x02, 0xe2c3],
  [0x08, 0xfea5],
  [0x09, 0xe987],
  [0x0e, 0xef57],
  [0x11, 0xf84d],
  [0x12, 0xf841],
  [0x14, 0xe739],
  [0x15, 0xf859],
  [0x16, 0xe82e],
  [0x17, 0xefd2],
  [0x1a, 0xfe6e],
] as const;

describe.each(named(/^hvm(?:bios|vga)/u))('$file', (sample) => {
  test('the vectors of its BIOS', async () => {
    const { mode, tables } = (await tablesOf(sample)).get(0) ?? { mode: undefined, tables: [] };
    expect(mode).toBe('real');
    // xen-hvmctx: idtr 0 + 0x3ff, gdtr 0 + 0.
    expect(tables.map(({ name, claimed }) => [name, claimed])).toEqual([
      ['IDT', 256],
      ['GDT', 0],
    ]);
    const handlers = new Map(
      tables[0]?.rows.map((row) => [row.index, row.kind === 'gate' ? row.handler : undefined] as const),
    );
    expect(handlers.size).toBe(256);
    for (const [vector, offset] of BIOS_ENTRIES)
      expect(handlers.get(vector), `vector ${vector}`).toBe(BigInt(0xf_0000 + offset));
  });
});

describe.each(named(/^micropvh/u))('$file', (sample) => {
  test('the GDT that xen-hvmctx prints segments of', async () => {
    const vcpus = await tablesOf(sample);
    // gdtr 0x102000 + 0x27, idtr 0 + 0; cs 0x0008, ss 0x0010, tr 0x0018: base 0x103000, limit 0x67, attributes 0x8b.
    expect(vcpus.get(0)?.tables.map(({ name, claimed }) => [name, claimed])).toEqual([
      ['IDT', 0],
      ['GDT', 5],
    ]);
    expect(segments(vcpus.get(0))).toEqual(['1 0 ffffffff a9b', '2 0 ffffffff c93', '3 103000 67 8b']);
    // vCPU 1 was started by hypercall and has none.
    expect(vcpus.get(1)?.tables.every(({ rows }) => rows.length === 0)).toBe(true);
  });
});

describe.each(named(/^pv64$/u))('$file', (sample) => {
  test('the GDT of Linux on every vCPU', async () => {
    const vcpus = await tablesOf(sample);
    expect(vcpus.size).toBe(2);
    for (const [id, tables] of vcpus) {
      expect(tables.tables.map(({ name, claimed }) => [name, claimed])).toEqual([['GDT', 16]]);
      expect(segments(tables).slice(0, 6), `vcpu ${id}`).toEqual([
        '1 0 ffffffff cfb',
        '2 0 ffffffff afb',
        '3 0 ffffffff cf3',
        '4 0 ffffffff cfb',
        '5 0 ffffffff cf3',
        '6 0 ffffffff afb',
      ]);
    }
    // The number of the CPU stands in the limit of entry 15, for programs.
    expect(segments(vcpus.get(0)).at(-1)).toBe('15 0 0 4f5');
  });
});

/** A descriptor of 8 bytes by straight shifts. */
function plain(bytes: Uint8Array, at: number): string {
  const raw = new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true);
  const limit = (raw & 0xffffn) | ((raw >> 32n) & 0xf_0000n);
  return [
    ((raw >> 16n) & 0xff_ffffn) | ((raw >> 32n) & 0xff00_0000n),
    (raw >> 55n) & 1n ? limit * 4096n + 4095n : limit,
    ((raw >> 40n) & 0xffn) | ((raw >> 44n) & 0xf00n),
  ]
    .map((value) => value.toString(16))
    .join(' ');
}

describe.each(samples.filter(({ isPv }) => isPv))('$file', (sample) => {
  test('each entry of the GDT is what stands at its place in the file', async () => {
    const bytes = sample.open();
    let compared = 0;
    for (const { mode, tables } of (await tablesOf(sample)).values()) {
      expect(mode).toBe(sample.name.startsWith('micro32') ? 'legacy' : 'long');
      for (const row of tables.flatMap(({ rows }) => rows)) {
        expect(row.kind).toBe('segment');
        if (row.kind !== 'segment') continue;
        const { base, limit, attributes } = row.segment;
        expect([base, limit, attributes].map((value) => value.toString(16)).join(' ')).toBe(plain(bytes, row.offset));
        compared++;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(16);
  });
});
