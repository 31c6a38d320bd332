/** The log of a real Linux guest, found without symbols; none in guests that are not Linux. */
import { expect, test } from 'vitest';
import { codeView, type CodeView } from '../../../src/memory/code/code-view';
import type { VcpuPoint } from '../../../src/memory/vcpus/point';
import { readPoint, savedVcpus } from '../../../src/memory/vcpus/saved';
import { findLinux } from '../../../src/memory/linux/find-linux';
import { stampText } from '../../../src/memory/linux/log-line';
import { ownSymbols } from '../../../src/memory/linux/own-symbols';
import { findSlide } from '../../../src/memory/kernel/kaslr';
import { readVirtual } from '../../../src/memory/walk/virtual';
import type { PagingRegisters } from '../../../src/format/paging/paging';
import { memorySource } from '../../../src/source/memory';
import { memoryOf } from '../../fixtures/memory';
import { samples, type Sample } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';

async function opened(sample: Sample) {
  const bytes = sample.open();
  const scan = await scanBytes(bytes);
  const source = memorySource(bytes);
  const saved = { records: scan.records, image: scan.image, source };
  const points: VcpuPoint[] = [];
  for (const vcpu of savedVcpus(saved)) {
    const point = await readPoint(saved, vcpu);
    if (point) points.push(point);
  }
  return { bytes, memory: memoryOf(bytes, scan), source, points };
}

async function linuxOf(sample: Sample) {
  const { bytes, memory, source, points } = await opened(sample);
  return { bytes, found: await findLinux({ memory, source, roots: points.map(({ vcpu }) => vcpu.registers) }) };
}

test.each(samples.filter(({ name }) => name === 'pv64'))('$file', async (sample) => {
  const {
    bytes,
    found: { banner, log },
  } = await linuxOf(sample);
  expect(banner?.release).toBe('6.1.0-56-amd64');
  expect(banner?.text).toMatch(
    /^Linux version 6\.1\.0-56-amd64 \(debian-kernel@lists\.debian\.org\) .*Debian 6\.1\.192-2/u,
  );
  expect(log?.kind).toBe('printk_ringbuffer');
  const lines = (log?.lines ?? []).map(({ nanoseconds, text }) => stampText(nanoseconds) + text);
  // What the boot of a PV guest with this command line says; the memory map of 96 MiB.
  expect(lines.slice(1, 8)).toEqual([
    '[    0.000000] Command line: console=hvc0 mitigations=off',
    '[    0.000000] ACPI in unprivileged domain disabled',
    '[    0.000000] Released 0 page(s)',
    '[    0.000000] BIOS-provided physical RAM map:',
    '[    0.000000] Xen: [mem 0x0000000000000000-0x000000000009ffff] usable',
    '[    0.000000] Xen: [mem 0x00000000000a0000-0x00000000000fffff] reserved',
    '[    0.000000] Xen: [mem 0x0000000000100000-0x0000000005ffffff] usable',
  ]);
  expect(lines[0]).toBe(`[    0.000000] ${banner?.text ?? ''}`);
  expect(lines.at(-1)).toMatch(/suspending xenstore\.\.\.$/u);
  expect(lines).toContain('[   13.821971] Run /init as init process');
  // Numbered without a gap, in the order of time, each text at its place in the file.
  for (const [index, line] of (log?.lines ?? []).entries()) {
    expect(line.seq).toBe(index);
    const before = log?.lines[index - 1];
    if (before) expect(line.nanoseconds >= before.nanoseconds).toBe(true);
    const inFile = Buffer.from(bytes.subarray(line.offset, line.offset + line.length)).toString('latin1');
    expect(inFile).toBe(line.text);
  }
  expect(log?.lost).toBe(0);
});

test.each(samples.filter(({ name }) => /^(?:micro64|micro32|micropvh|hvmbios)$/u.test(name)))(
  '$file is no Linux',
  async (sample) => {
    const { found } = await linuxOf(sample);
    expect(found.banner).toBeUndefined();
    expect(found.log).toBeUndefined();
  },
);

test.each(samples.filter(({ name }) => name === 'pv64'))(
  '$file: the names that its kernel carries with it',
  async (sample) => {
    const { memory, source, points } = await opened(sample);
    const roots = points.map(({ vcpu }) => vcpu.registers);
    const table = await ownSymbols({ memory, source, roots });
    expect(table).toBeDefined();
    if (!table) return;
    // The banner stands where the symbol says, and prb leads to the ring that is found by its shape.
    const { banner, log } = await findLinux({ memory, source, roots });
    const at = async (name: string, length: number) =>
      readVirtual(memory, roots[0] as PagingRegisters, table.addressOf(name) ?? 0n, length);
    expect(await at('linux_banner', 14)).toMatchObject({ offset: banner?.offset });
    const prb = await at('prb', 8);
    expect('bytes' in prb && Buffer.from(prb.bytes).readBigUInt64LE()).toBe(log?.va);
    // The entry points that Xen was given: two of the 19 for which the table has a name are others.
    for (const point of points) {
      const slide = findSlide(table, point.entries);
      expect(slide).toMatchObject({ slide: 0n, of: 19 });
      expect(slide?.by).toHaveLength(17);
      expect(slide?.by).toEqual(expect.arrayContaining(['xen_entry_SYSCALL_64', 'xen_asm_exc_page_fault']));
      // The same kernel linked lower: found out by them too.
      expect(findSlide(table.moved(-0x2000_0000n), point.entries)?.slide).toBe(0n);
    }
    const views = await Promise.all(points.map((point) => codeView(memory, point, { before: 4, after: 4 }, table)));
    // Both vCPUs stop the machine for the suspend: the first makes the hypercall, the second waits.
    expect(views.map(({ name }) => name)).toEqual(['xen_hypercall_pv+0x5', 'stop_machine_yield+0x2']);
    const callers = (view: CodeView | undefined): (string | undefined)[] =>
      (view?.scanned ?? []).filter(({ follows }) => follows).map(({ name }) => name?.replace(/\+.*$/u, ''));
    expect(callers(views[0])).toEqual([
      'xen_suspend',
      'multi_cpu_stop',
      'cpu_stopper_thread',
      'smpboot_thread_fn',
      'kthread',
      'ret_from_fork',
    ]);
    expect(callers(views[1])).toEqual([
      'multi_cpu_stop',
      'cpu_stopper_thread',
      'smpboot_thread_fn',
      'kthread',
      'ret_from_fork',
    ]);
  },
);

test.each(samples.filter(({ name }) => /^(?:micro64|micropvh)$/u.test(name)))(
  '$file carries no names',
  async (sample) => {
    const { memory, source, points } = await opened(sample);
    expect(await ownSymbols({ memory, source, roots: points.map(({ vcpu }) => vcpu.registers) })).toBeUndefined();
  },
);
