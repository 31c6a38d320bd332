/** Selectors looked up in tables that tests wrote. */
import { expect, test } from 'vitest';
import { descriptorOf } from '../../../src/memory/descriptors/selector';
import type { VcpuMemory } from '../../../src/format/paging/vcpu';
import { map, PlainMemory, SHAPES } from '../../fixtures/built/tables';

const CODE = 0x00af_9b00_0000_ffffn;
const DATA = 0x00cf_9300_0000_ffffn;
const PV_ROOT = 0x10000n;

function pvGuest(): { readonly memory: PlainMemory; readonly vcpu: VcpuMemory } {
  const memory = new PlainMemory();
  memory.page(0x10, 0xc);
  let next = 0x10;
  map(memory, SHAPES.pv64, PV_ROOT, 0xffff_8880_0000_0000n, 0x5000n, { newTable: () => ++next });
  // GDT in pages 8 and 9, LDT in page 5.
  memory.setEntry(0x8000n + 2n * 8n, 8, CODE);
  memory.setEntry(0x9000n + 8n, 8, DATA);
  memory.setEntry(0x5000n + 3n * 8n, 8, DATA);
  return {
    memory,
    vcpu: {
      registers: { kind: 'pv64', cr3: PV_ROOT, cr1: 0n, inKernel: true },
      tables: {
        kind: 'pv',
        width: 8,
        gdtFrames: [8, 9, 0x77],
        gdtSize: 1100 * 8,
        ldtBase: 0xffff_8880_0000_0000n,
        ldtSize: 4 * 8,
      },
      longMode: true,
      bases: { cs: 0n, ss: 0n },
      pointers: { ip: 0n, sp: 0n },
    },
  };
}

test('PV: through the frames of the GDT, and through the LDT', async () => {
  const { memory, vcpu } = pvGuest();
  const image = memory.image();
  expect(await descriptorOf(image, vcpu, 0x13)).toMatchObject({
    found: true,
    table: 'GDT',
    index: 2,
    length: 8,
    segment: { base: 0n, limit: 0xffff_ffff, attributes: 0xa9b },
  });
  expect(await descriptorOf(image, vcpu, 513 * 8)).toMatchObject({
    found: true,
    index: 513,
    segment: { attributes: 0xc93 },
  });
  expect(await descriptorOf(image, vcpu, 3 * 8 + 7)).toMatchObject({ found: true, table: 'LDT', index: 3 });
});

test.each([
  [0x3, 'the null selector'],
  [0xe033, 'FLAT_RING3_CS64: a segment of Xen, whose part of the GDT is not in the image'],
  [0xe100, 'a segment of Xen, whose part of the GDT is not in the image'],
  [1100 * 8, 'entry 1100 is beyond the end of the GDT'],
  [1024 * 8, 'the page of the GDT is not in the image: PFN 0x77: the image never mentions it'],
  [4 * 8 + 4, 'entry 4 is beyond the end of the LDT'],
])('PV: why selector %i has none', async (selector, reason) => {
  const { memory, vcpu } = pvGuest();
  expect(await descriptorOf(memory.image(), vcpu, selector)).toEqual({ found: false, reason });
});

test('HVM: through the linear address of the GDT, across a border of pages', async () => {
  const memory = new PlainMemory();
  memory.page(0x20);
  // A TSS of 16 bytes, half of it in the next page.
  memory.setEntry(0x20ff8n, 8, 0x0000_8b00_1000_0067n);
  memory.setEntry(0x21000n, 8, 0x1n);
  const vcpu: VcpuMemory = {
    registers: { kind: 'hvm', cr0: 1n, cr3: 0n, cr4: 0n, efer: 0n },
    tables: {
      kind: 'hvm',
      gdtBase: 0x20ff0n,
      gdtSize: 24,
      idtBase: 0n,
      idtSize: 0,
      ldtBase: 0n,
      ldtSize: 0,
    },
    longMode: true,
    bases: { cs: 0n, ss: 0n },
    pointers: { ip: 0n, sp: 0n },
  };
  const image = memory.image();
  expect(await descriptorOf(image, vcpu, 8)).toMatchObject({
    found: true,
    length: 16,
    segment: { base: 0x1_0000_1000n, limit: 0x67 },
  });
  expect(await descriptorOf(image, vcpu, 24)).toEqual({ found: false, reason: 'entry 3 is beyond the end of the GDT' });
  expect(await descriptorOf(image, vcpu, 12)).toEqual({ found: false, reason: 'there is no LDT' });
});
