/** Real images: what stands at the addresses in the registers is what xenctx showed of the same domain. */
import { describe, expect, test } from 'vitest';
import { readSmall, readU64 } from '../../../src/format/kit/bytes';
import { loadedCpu } from '../../../src/format/hvm/loaded';
import { gateOf } from '../../../src/format/x86/gate';
import { descriptorOf } from '../../../src/memory/descriptors/selector';
import { readVirtual, translate } from '../../../src/memory/walk/virtual';
import { memoryOf, savedVcpus } from '../../fixtures/memory';
import { samples, type Sample } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';
import { type ShownMemory, xenctxMemory } from '../../fixtures/xen/xenctx-memory';
import { xenctxRegisters } from '../../fixtures/xen/output';

const LIVE = 'xenctx-paused-after-save.txt';
/** Its L1 table of all kernel addresses was lost in the save: none of them leads anywhere, as its guest found out. */
const LOST = 'micro64-lostpt';
/** Xen 4.13 resets PV vCPUs other than the first after a save: those are shown by the restored domain. */
const RESTORED = 'xenctx-restored-paused.txt';

function truthOf(sample: Sample): Map<number, ShownMemory> {
  const shown = xenctxMemory(sample.truth(LIVE) ?? '');
  if (sample.libxc_version !== 2 || !sample.isPv) return shown;
  const restored = xenctxMemory(sample.truth(RESTORED) ?? '');
  return new Map([...shown].map(([id, memory]) => [id, id === 0 ? memory : (restored.get(id) ?? memory)]));
}

const shownOnes = samples.filter((sample) => truthOf(sample).size > 0 && sample.name !== LOST);
const pvOnes = samples.filter(({ isPv, name }) => isPv && name !== LOST);

async function open(sample: Sample) {
  const bytes = sample.open();
  const scan = await scanBytes(bytes);
  return { bytes, scan, memory: memoryOf(bytes, scan), vcpus: savedVcpus(bytes, scan) };
}

const hexOf = (found: Awaited<ReturnType<typeof readVirtual>>): string =>
  'reason' in found ? found.reason : Buffer.from(found.bytes).toString('hex');

test('there are domains to compare with', () => {
  expect(shownOnes.map(({ file }) => file)).toContain('micro64.xlsave');
});

describe.each(shownOnes)('$file', (sample) => {
  const shown = truthOf(sample);

  test('bytes around the instruction pointer', async () => {
    const { memory, vcpus } = await open(sample);
    for (const [id, { at, before, after }] of shown) {
      const vcpu = vcpus.find((one) => one.id === id);
      expect(vcpu, `vcpu ${id}`).toBeDefined();
      if (!vcpu) continue;
      const start = at - BigInt(before.length);
      const found = await readVirtual(memory, vcpu.memory.registers, start, before.length + after.length);
      expect(hexOf(found), `vcpu ${id}`).toBe(Buffer.concat([before, after]).toString('hex'));
    }
  });

  test('words at the stack pointer', async () => {
    const { memory, vcpus } = await open(sample);
    const registers = xenctxRegisters(sample.truth(LIVE) ?? '');
    for (const [id, { stack, wordBytes }] of shown) {
      const vcpu = vcpus.find((one) => one.id === id);
      const pointer =
        registers.get(id)?.['rsp'] ?? /ss:esp: ([\da-f]+):([\da-f]+)/u.exec(sample.truth(LIVE) ?? '')?.[2];
      if (!vcpu || stack.length === 0 || pointer === undefined) continue;
      const at = (typeof pointer === 'bigint' ? pointer : BigInt(`0x${pointer}`)) + vcpu.memory.bases.ss;
      const found = await readVirtual(memory, vcpu.memory.registers, at, stack.length * wordBytes);
      expect('bytes' in found, hexOf(found)).toBe(true);
      if (!('bytes' in found)) continue;
      const words = stack.map((_, index) =>
        wordBytes === 8
          ? readU64(found.bytes, index * 8, true)
          : BigInt(readSmall(found.bytes, index * wordBytes, wordBytes, true)),
      );
      expect(
        words.map((word) => word.toString(16)),
        `vcpu ${id}`,
      ).toEqual(stack.map((word) => word.toString(16)));
    }
  });
});

test.each(samples.filter(({ name }) => name === LOST))('$file: a lost page table is named', async (sample) => {
  const { memory, vcpus } = await open(sample);
  for (const { memory: vcpu } of vcpus) {
    const found = await translate(memory, vcpu.registers, 0xffff_ffff_8000_03aan);
    expect(found.steps.map(({ level }) => level)).toEqual(['L4', 'L3', 'L2']);
    expect(found.failure).toMatchObject({ why: 'absent', level: 'L1' });
  }
  expect(vcpus).toHaveLength(2);
});

describe.each(pvOnes)('$file: PV tables', (sample) => {
  test('the instruction and stack pointers of every vCPU lead to memory', async () => {
    const { memory, vcpus } = await open(sample);
    for (const { id, memory: vcpu, context } of vcpus) {
      // rip at 648 and rsp at 672; of a 32-bit guest eip at 548, esp at 560, where the stack may be just empty.
      const pointers =
        context.length === 5168
          ? [readU64(context, 648, true), readU64(context, 672, true) - 8n]
          : [BigInt(readSmall(context, 548, 4, true)), BigInt(readSmall(context, 560, 4, true) - 4)];
      for (const pointer of pointers) {
        const found = await translate(memory, vcpu.registers, pointer);
        expect(found.page?.state, `vcpu ${id} ${pointer.toString(16)}: ${found.failure?.text}`).toBe('here');
      }
    }
    expect(vcpus.length).toBeGreaterThan(0);
  });

  test('the GDT is in the image, and every handler of the trap table leads to memory', async () => {
    const { memory, vcpus, scan } = await open(sample);
    let handlers = 0;
    for (const { id, memory: vcpu, context } of vcpus) {
      const { tables, registers } = vcpu;
      if (tables.kind !== 'pv') continue;
      const pages = Math.ceil(tables.gdtSize / 4096);
      for (const pfn of tables.gdtFrames.slice(0, pages)) expect(memory.page(pfn).state, `vcpu ${id}`).toBe('here');
      // trap_ctxt: 256 entries of 16 bytes at 720, address at 8; of a 32-bit guest 8 bytes at 584, address at 4.
      for (let vector = 0; vector < 256; vector++) {
        const address =
          tables.width === 8
            ? readU64(context, 720 + vector * 16 + 8, true)
            : BigInt(readSmall(context, 584 + vector * 8 + 4, 4, true));
        if (address === 0n) continue;
        const found = await translate(memory, registers, address);
        expect(found.failure, `vector ${vector}`).toBeUndefined();
        expect(found.page?.state).toBe('here');
        handlers++;
      }
    }
    if (scan.image.complete && vcpus.length > 0) expect(handlers).toBeGreaterThan(0);
  });
});

describe.each(samples.filter(({ isPv }) => !isPv))('$file: HVM tables', (sample) => {
  test('cs, ss and tr come out of the GDT as the CPU holds them; GDT and IDT lead to memory', async () => {
    const { memory, vcpus } = await open(sample);
    let compared = 0;
    expect(vcpus.length).toBeGreaterThan(0);
    for (const { id, memory: vcpu, context } of vcpus) {
      const cpu: Readonly<Record<string, unknown>> = loadedCpu(context);
      const { tables, registers } = vcpu;
      if (tables.kind !== 'hvm') continue;
      const inReal = (Number(cpu['cr0']) & 1) === 0;
      for (const base of [tables.gdtBase, tables.idtBase]) {
        const found = await translate(memory, registers, base);
        expect(found.failure, `vcpu ${id}`).toBeUndefined();
      }
      for (const name of inReal ? [] : ['cs', 'ss', 'tr']) {
        const selector = Number(cpu[`${name}_sel`]);
        // A vCPU that was started by hypercall has segments without selectors.
        if (selector === 0) continue;
        const found = await descriptorOf(memory, vcpu, selector);
        expect(found.found, `${name} of vcpu ${id}: ${'reason' in found ? found.reason : ''}`).toBe(true);
        if (!found.found) continue;
        const { base, limit, attributes } = found.segment;
        // The accessed bit of a segment and the busy bit of a TSS may be newer in the CPU than in memory.
        const held = Number(cpu[`${name}_arbytes`]);
        const loose = name === 'tr' ? 2 : 1;
        expect((attributes | loose).toString(16), `${name} of vcpu ${id}`).toBe((held | loose).toString(16));
        expect(limit).toBe(Number(cpu[`${name}_limit`]));
        expect(base).toBe(cpu[`${name}_base`]);
        compared++;
      }
      if (inReal || tables.idtSize < 16 || tables.idtBase === 0n) continue;
      const gate = await readVirtual(memory, registers, tables.idtBase, vcpu.longMode ? 16 : 8);
      expect('bytes' in gate && gateOf(gate.bytes).offset >= 0n).toBe(true);
    }
    if (sample.name.startsWith('micropvh')) expect(compared).toBeGreaterThan(0);
  });
});
