/** Real images: all pointers of every vCPU are found, and its address space is what a plain count of its tables says. */
import { describe, expect, test } from 'vitest';
import { savedVcpu, savedVcpus as vcpusIn } from '../../../src/memory/vcpus/saved';
import { translate } from '../../../src/memory/walk/virtual';
import { pagingsOf } from '../../../src/format/paging/paging';
import { memorySource } from '../../../src/source/memory';
import { memoryOf, savedVcpus } from '../../fixtures/memory';
import { plainSpace } from '../../fixtures/plain/space';
import { plainPages } from '../../fixtures/plain/stream';
import type { PlainRules } from '../../fixtures/plain/walk';
import { samples } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';
import { mapped } from '../../fixtures/space';

/** Its L1 table of all kernel addresses was lost in the save. */
const LOST = 'micro64-lostpt';

describe.each(samples)('$file', (sample) => {
  test('the vCPUs and their states are those that a look at all records finds', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const saved = { records: scan.records, image: scan.image, source: memorySource(bytes) };
    const plain = savedVcpus(bytes, scan);
    expect(vcpusIn(saved).map(({ id }) => id)).toEqual(plain.map(({ id }) => id).toSorted((a, b) => a - b));
    for (const { id, memory } of plain) expect(await savedVcpu(saved, id)).toEqual(memory);
    expect(await savedVcpu(saved, 77)).toBeUndefined();
  });
});

describe.each(samples.filter(({ name }) => name !== LOST))('$file', (sample) => {
  test('instruction and stack pointer, GDT and IDT are found', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const memory = memoryOf(bytes, scan);
    for (const { id, memory: vcpu } of savedVcpus(bytes, scan)) {
      const { pointers, tables, registers } = vcpu;
      const places = { ip: pointers.ip, sp: pointers.sp - 1n };
      Object.assign(places, tables.kind === 'hvm' ? { gdt: tables.gdtBase, idt: tables.idtBase } : {});
      for (const [name, at] of Object.entries(places)) {
        const { failure, page, rights } = await translate(memory, registers, at);
        expect(failure?.text, `${name} of vcpu ${id}`).toBeUndefined();
        expect(page?.state, `${name} of vcpu ${id}`).toBe('here');
        if (name === 'ip') expect(rights?.execute).toBe(true);
        if (name === 'sp') expect(rights?.write).toBe(true);
      }
    }
  });
});

describe.each(samples.filter(({ name }) => !name.includes('remus')))('$file', (sample) => {
  test('the address space is what a plain count of the tables says', async () => {
    const bytes = sample.open();
    const scan = await scanBytes(bytes);
    const memory = memoryOf(bytes, scan);
    for (const { memory: vcpu } of savedVcpus(bytes, scan)) {
      for (const paging of pagingsOf(vcpu.registers)) {
        const { id } = paging.mode;
        if (id === 'real' || id === 'off') continue;
        const rules: PlainRules = {
          mode: id,
          root: paging.root,
          pse: paging.pse,
          nx: paging.nx,
          width: paging.addressBits,
        };
        const { ranges, result } = await mapped(memory, paging);
        expect(ranges).toEqual(plainSpace(plainPages(bytes), rules));
        expect(result.capped).toBe(false);
        expect(ranges.length).toBeGreaterThan(0);
      }
    }
  });
});
