/** Descriptor tables out of memory that tests wrote: each mode of the CPU, limits that lie, pages that are missing. */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { hvmMemory, type VcpuMemory } from '../../../src/format/paging/vcpu';
import { isPresent, type TableRow } from '../../../src/memory/descriptors/rows';
import { type DescriptorTable, descriptorTables } from '../../../src/memory/descriptors/tables';
import { GuestMemory } from '../../../src/memory/guest-memory';
import { readSystemMap } from '../../../src/memory/symbols/system-map';
import { PageIndex } from '../../../src/scan/pages';
import { memorySource } from '../../../src/source/memory';
import { CPU_0, CPU_1, GDT, KERNEL, tableGuest } from '../../fixtures/built/table-guest';
import { PlainMemory } from '../../fixtures/built/tables';

function vcpuOf(cpu: Uint8Array): VcpuMemory {
  const vcpu = hvmMemory(cpu);
  if (!vcpu) throw new Error('no CPU entry');
  return vcpu;
}

/** Without paging: linear addresses are physical ones. */
function unpaged(cr0: bigint, tables: Partial<VcpuMemory['tables'] & { kind: 'hvm' }>): VcpuMemory {
  return {
    registers: { kind: 'hvm', cr0, cr3: 0n, cr4: 0n, efer: 0n },
    tables: { kind: 'hvm', gdtBase: 0n, gdtSize: 0, idtBase: 0n, idtSize: 0, ldtBase: 0n, ldtSize: 0, ...tables },
    longMode: false,
    bases: { cs: 0n, ss: 0n },
    pointers: { ip: 0n, sp: 0n },
  };
}

function table(tables: readonly DescriptorTable[], name: DescriptorTable['name']): DescriptorTable {
  const found = tables.find((one) => one.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

const read = async (memory: PlainMemory, vcpu: VcpuMemory, name: DescriptorTable['name']): Promise<DescriptorTable> =>
  table((await descriptorTables(memory.image(), vcpu)).tables, name);

const indexes = (rows: readonly TableRow[]): number[] => rows.filter((row) => isPresent(row)).map(({ index }) => index);

describe('long mode', () => {
  test('gates of 16 bytes: handler, stack, privilege', async () => {
    const { mode, tables } = await descriptorTables(tableGuest().image(), vcpuOf(CPU_0));
    expect(mode).toBe('long');
    expect(tables.map(({ name, claimed, read: count }) => [name, claimed, count])).toEqual([
      ['IDT', 256, 256],
      ['GDT', 16, 16],
    ]);
    const { rows } = table(tables, 'IDT');
    expect(indexes(rows)).toEqual([...Array.from({ length: 32 }, (_, vector) => vector), 0x80]);
    expect(rows[14]).toMatchObject({
      kind: 'gate',
      index: 14,
      length: 16,
      gate: { selector: 0x10, offset: 0xffff_ffff_8100_00e0n, attributes: 0x8e, ist: 0 },
      handler: 0xffff_ffff_8100_00e0n,
    });
    expect(rows[8]).toMatchObject({ gate: { ist: 1 } });
    expect(rows[0x80]).toMatchObject({ gate: { attributes: 0xee }, handler: 0xffff_ffff_8100_0800n });
    // Not present: it leads nowhere.
    expect(rows[0x81]).not.toHaveProperty('handler');
  });

  test('a TSS takes two places of the GDT; the empty ones take one', async () => {
    const { rows } = await read(tableGuest(), vcpuOf(CPU_0), 'GDT');
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15]);
    expect(indexes(rows)).toEqual([1, 2, 3, 4, 5, 6, 8, 15]);
    expect(rows[2]).toMatchObject({ length: 8, segment: { base: 0n, limit: 0xffff_ffff, attributes: 0xa9b } });
    expect(rows[8]).toMatchObject({
      length: 16,
      segment: { base: 0xffff_fe00_0000_3000n, limit: 0x4087, attributes: 0x8b },
    });
  });

  test('a call gate takes two places as well', async () => {
    const memory = tableGuest();
    // In entries 12 and 13, for programs, to 0x10:ffffffff81000010.
    memory.setEntry(0x21_060n, 8, 0x8100_ec00_0010_0010n);
    memory.setEntry(0x21_068n, 8, 0x0000_0000_ffff_ffffn);
    const { rows } = await read(memory, vcpuOf(CPU_0), 'GDT');
    expect(rows.find(({ index }) => index === 12)).toMatchObject({
      kind: 'gate',
      length: 16,
      gate: { selector: 0x10, attributes: 0xec },
      handler: 0xffff_ffff_8100_0010n,
    });
    expect(rows.some(({ index }) => index === 13)).toBe(false);
  });

  test('a TSS whose second half is beyond the limit', async () => {
    const vcpu = vcpuOf(CPU_0);
    const { rows } = await read(tableGuest(), { ...vcpu, tables: { ...vcpu.tables, gdtSize: 9 * 8 } }, 'GDT');
    expect(rows.at(-1)).toEqual({
      kind: 'lost',
      index: 8,
      count: 1,
      reason: 'its second half is beyond the end of the table',
    });
  });

  test('a limit that claims more gates than there are vectors; the page of half of them was never sent', async () => {
    const { tables } = await descriptorTables(tableGuest().image(), vcpuOf(CPU_1));
    const idt = table(tables, 'IDT');
    expect([idt.claimed, idt.read]).toEqual([4096, 256]);
    expect(idt.rows).toHaveLength(129);
    expect(idt.rows.at(-1)).toEqual({
      kind: 'lost',
      index: 128,
      count: 128,
      reason: 'the page is not in the image: PFN 0x99: the image never mentions it',
    });
    expect(table(tables, 'GDT').rows).toEqual([{ kind: 'lost', index: 0, count: 16, reason: 'PTE 7 is not present' }]);
  });

  test('a gate of which one half is in a page that is missing', async () => {
    const vcpu = vcpuOf(CPU_1);
    // Behind vector 127 half of one more gate fits into the page.
    const tables = { ...vcpu.tables, idtBase: 0xffff_fe00_0000_47f8n };
    const { rows } = await read(tableGuest(), { ...vcpu, tables }, 'IDT');
    expect(rows.at(-1)).toMatchObject({ kind: 'lost', index: 128, count: 128 });
    expect(rows).toHaveLength(129);
  });

  test('names of handlers and of the TSS', async () => {
    const symbols = readSystemMap(
      new TextEncoder().encode(
        'fffffe0000003000 D cpu_tss_rw\nffffffff81000000 T asm_exc_divide_error\n' +
          'ffffffff810000e0 T asm_exc_page_fault\nffffffff81100000 T _end\n',
      ),
    );
    const { tables } = await descriptorTables(tableGuest().image(), vcpuOf(CPU_0), symbols);
    expect(table(tables, 'IDT').rows[0]).toMatchObject({ name: 'asm_exc_divide_error' });
    expect(table(tables, 'IDT').rows[14]).toMatchObject({ name: 'asm_exc_page_fault' });
    expect(table(tables, 'GDT').rows[8]).toMatchObject({ name: 'cpu_tss_rw' });
    expect(table(tables, 'GDT').rows[1]).not.toHaveProperty('name');
  });
});

describe('32-bit', () => {
  /** GDT at 0x3000, IDT at 0x4000, LDT at 0x5000. */
  function guest(): { readonly memory: PlainMemory; readonly vcpu: VcpuMemory } {
    const memory = new PlainMemory();
    memory.page(0xfff);
    for (const [at, raw] of [
      // Flat code; code from 0x10000 on; data; a TSS, which has 8 bytes here; a call gate to the second.
      [0x3008n, 0x00cf_9b00_0000_ffffn],
      [0x3010n, 0x0040_9b01_0000_ffffn],
      [0x3018n, 0x00cf_9300_0000_ffffn],
      [0x3020n, 0x0000_8b12_3000_0067n],
      [0x3028n, 0x0000_ec02_0010_0100n],
      // Interrupt, trap for programs in the second segment, task, 16-bit, through data, not present, no gate.
      [0x4000n, 0x1234_8e00_0008_5678n],
      [0x4008n, 0x0000_ef00_0010_0200n],
      [0x4010n, 0x0000_8500_0020_0000n],
      [0x4018n, 0xffff_8600_0008_0300n],
      [0x4020n, 0x0000_8e00_0018_0400n],
      [0x4028n, 0x0000_0e00_0008_0500n],
      [0x4030n, 0x0000_8c00_0008_0600n],
      // An interrupt gate through the code segment of the LDT.
      [0x4038n, 0x0000_8e00_000c_0700n],
      [0x5008n, 0x0040_9b02_0000_ffffn],
    ] as const)
      memory.setEntry(at, 8, raw);
    return {
      memory,
      vcpu: unpaged(1n, {
        gdtBase: 0x3000n,
        gdtSize: 0x30,
        idtBase: 0x4000n,
        idtSize: 0x40,
        ldtBase: 0x5000n,
        ldtSize: 0x10,
      }),
    };
  }

  test('gates of 8 bytes; a handler is where its segment starts, and its offset', async () => {
    const { memory, vcpu } = guest();
    const { mode, tables } = await descriptorTables(memory.image(), vcpu);
    expect(mode).toBe('legacy');
    const handlers = table(tables, 'IDT').rows.map((row) => (row.kind === 'gate' ? row.handler : 'lost'));
    expect(handlers).toEqual([0x1234_5678n, 0x1_0200n, undefined, 0x300n, undefined, undefined, undefined, 0x2_0700n]);
  });

  test('a TSS of 8 bytes, and a call gate', async () => {
    const { memory, vcpu } = guest();
    const { rows } = await read(memory, vcpu, 'GDT');
    expect(indexes(rows)).toEqual([1, 2, 3, 4, 5]);
    expect(rows[4]).toMatchObject({ length: 8, segment: { base: 0x12_3000n, limit: 0x67, attributes: 0x8b } });
    expect(rows[5]).toMatchObject({ kind: 'gate', gate: { count: 2 }, handler: 0x1_0100n });
  });

  test('an LDT, where there is one', async () => {
    const { memory, vcpu } = guest();
    expect((await read(memory, vcpu, 'LDT')).rows[1]).toMatchObject({ index: 1, segment: { base: 0x2_0000n } });
    const without = { ...vcpu, tables: { ...vcpu.tables, ldtSize: 0 } };
    const { tables } = await descriptorTables(memory.image(), without);
    expect(tables.map(({ name }) => name)).toEqual(['IDT', 'GDT']);
    // The gate through the LDT leads nowhere then.
    expect(table(tables, 'IDT').rows[7]).not.toHaveProperty('handler');
  });

  test('a GDT of 64 KiB with pages that are missing', async () => {
    const memory = new PlainMemory();
    memory.setEntry(0x3008n, 8, 0x00cf_9b00_0000_ffffn);
    memory.setEntry(0x5000n, 8, 0x00cf_9300_0000_ffffn);
    const { rows, claimed } = await read(memory, unpaged(1n, { gdtBase: 0x3000n, gdtSize: 0x1_0000 }), 'GDT');
    expect(claimed).toBe(8192);
    const lost = rows.flatMap((row) => (row.kind === 'lost' ? [[row.index, row.count, row.reason]] : []));
    expect(lost[0]).toEqual([512, 512, 'the page is not in the image: PFN 0x4: the image never mentions it']);
    expect(lost).toHaveLength(14);
    expect(indexes(rows).slice(0, 3)).toEqual([1, 512, 1024]);
  });
});

describe('real mode', () => {
  test('vectors of 4 bytes: segment and offset', async () => {
    const memory = new PlainMemory();
    memory.setEntry(0n, 4, 0xf000_ff53n);
    memory.setEntry(0x58n, 4, 0xf000_e82en);
    memory.setEntry(0x3fcn, 4, 0xffff_ffffn);
    const { mode, tables } = await descriptorTables(memory.image(), unpaged(0x10n, { idtSize: 0x400 }));
    expect(mode).toBe('real');
    const { rows, claimed } = table(tables, 'IDT');
    expect([claimed, rows.length]).toEqual([256, 256]);
    expect(rows[0]).toMatchObject({ length: 4, gate: { selector: 0xf000, offset: 0xff53n }, handler: 0xf_ff53n });
    expect(rows[0x16]).toMatchObject({ gate: { selector: 0xf000, offset: 0xe82en }, handler: 0xf_e82en });
    expect(rows[0xff]).toMatchObject({ handler: 0x10_ffefn });
    expect(table(tables, 'GDT')).toEqual({ name: 'GDT', claimed: 0, read: 0, rows: [] });
  });

  test('after a reset the limit is 0xffff: 256 vectors are read all the same', async () => {
    const memory = new PlainMemory();
    memory.page(0);
    const { claimed, read: count, rows } = await read(memory, unpaged(0x10n, { idtSize: 0x1_0000 }), 'IDT');
    expect([claimed, count, rows.length]).toEqual([16_384, 256, 256]);
  });
});

describe('PV', () => {
  const guest = (width: 4 | 8, gdtFrames: readonly number[], entries: number): VcpuMemory => ({
    registers:
      width === 8 ? { kind: 'pv64', cr3: 0x10_000n, cr1: 0n, inKernel: true } : { kind: 'pv32', cr3: 0x10_000n },
    tables: { kind: 'pv', width, gdtFrames, gdtSize: entries * 8, ldtBase: 0n, ldtSize: 0 },
    longMode: width === 8,
    bases: { cs: 0n, ss: 0n },
    pointers: { ip: 0n, sp: 0n },
  });

  test('the GDT by its frames, and no IDT', async () => {
    const memory = new PlainMemory();
    memory.setEntry(0x8008n, 8, 0x00cf_fb00_0000_ffffn);
    memory.setEntry(0x5000n, 8, 0x00cf_f300_0000_ffffn);
    const { tables } = await descriptorTables(memory.image(), guest(8, [8, 5, 0x77], 1100));
    expect(tables.map(({ name }) => name)).toEqual(['GDT']);
    const { rows } = table(tables, 'GDT');
    expect(indexes(rows)).toEqual([1, 512, 1024]);
    expect(rows.at(-1)).toEqual({
      kind: 'lost',
      index: 1024,
      count: 76,
      reason: 'the page of the GDT is not in the image: PFN 0x77: the image never mentions it',
    });
  });

  test('a count that lies: no frames for it, then Xen’s own part, and no more than selectors can name', async () => {
    const memory = new PlainMemory();
    memory.page(8);
    const { rows, claimed, read: count } = await read(memory, guest(8, [8], 0x1_0000), 'GDT');
    expect([claimed, count]).toEqual([65_536, 8192]);
    expect(rows.slice(512)).toEqual([
      { kind: 'lost', index: 512, count: 6656, reason: 'the context names no page for it' },
      {
        kind: 'lost',
        index: 7168,
        count: 1024,
        reason: 'a segment of Xen, whose part of the GDT is not in the image',
      },
    ]);
  });

  test('a call gate of a 32-bit guest through a segment of Xen, which starts at 0', async () => {
    const memory = new PlainMemory();
    memory.setEntry(0x8008n, 8, 0xc012_ec00_e019_3456n);
    const { rows } = await read(memory, guest(4, [8], 4), 'GDT');
    expect(rows[1]).toMatchObject({ kind: 'gate', length: 8, gate: { selector: 0xe019 }, handler: 0xc012_3456n });
  });
});

test('an image whose pages were blanked has no tables', async () => {
  const pages = new PageIndex();
  pages.add(0, 1, 0, 0, 0, 0);
  const memory = new GuestMemory(memorySource(new Uint8Array(4096).fill(0x42)), pages, {
    blanked: { pages: true, registers: false, config: false },
  });
  const { tables } = await descriptorTables(memory, unpaged(0x10n, { idtSize: 0x400, gdtSize: 0x10 }));
  const reason = 'the pages of this image were blanked, and the table with them';
  expect(table(tables, 'IDT').rows).toEqual([{ kind: 'lost', index: 0, count: 256, reason }]);
  expect(table(tables, 'GDT').rows).toEqual([{ kind: 'lost', index: 0, count: 2, reason }]);
});

test('a base that is no canonical address, and one at the end of all', async () => {
  const vcpu = vcpuOf(CPU_0);
  const at = async (gdtBase: bigint): Promise<readonly TableRow[]> => {
    const tables = { ...vcpu.tables, gdtBase };
    return (await read(tableGuest(), { ...vcpu, tables }, 'GDT')).rows;
  };
  expect(await at(0x1234_0000_0000_0000n)).toMatchObject([
    { kind: 'lost', index: 0, count: 16, reason: 'not a canonical address of 48 bits' },
  ]);
  expect(await at(0xffff_ffff_ffff_ffc0n)).toMatchObject([
    { kind: 'lost', index: 0, count: 8 },
    { kind: 'lost', index: 8, count: 8 },
  ]);
  expect(await at(GDT)).toHaveLength(15);
  expect(await at(KERNEL)).not.toHaveLength(0);
});

const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const size = fc.integer({ min: 0, max: 0x1_0000 });
const near = fc.bigInt({ min: 0n, max: 0x6000n });

property.prop([
  fc.uint8Array({ minLength: 0x4000, maxLength: 0x4000 }),
  fc.record({ cr0: word, cr3: near, cr4: word, efer: word }),
  fc.record({ gdtBase: near, gdtSize: size, idtBase: near, idtSize: size, ldtBase: near, ldtSize: size }),
  fc.boolean(),
])(
  'whatever registers and memory hold: every place has one row, and rows are bounded',
  async (bytes, cr, where, longMode) => {
    const memory = new PlainMemory();
    for (let pfn = 0; pfn < 4; pfn++) memory.page(pfn).set(bytes.subarray(pfn * 4096, (pfn + 1) * 4096));
    const { tables } = await descriptorTables(memory.image(), {
      registers: { kind: 'hvm', ...cr },
      tables: { kind: 'hvm', ...where },
      longMode,
      bases: { cs: 0n, ss: 0n },
      pointers: { ip: 0n, sp: 0n },
    });
    for (const { name, read: count, rows } of tables) {
      let next = 0;
      let inOrder = true;
      for (const row of rows) {
        inOrder &&= row.index >= next;
        next = row.index + (row.kind === 'lost' ? row.count : 1);
      }
      expect(inOrder).toBe(true);
      expect(next).toBeLessThanOrEqual(count);
      expect(count).toBeLessThanOrEqual(name === 'IDT' ? 256 : 8192);
    }
  },
);
