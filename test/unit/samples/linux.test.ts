/** The log of a real Linux guest, found without symbols; none in guests that are not Linux. */
import { expect, test } from 'vitest';
import { readPoint, savedVcpus } from '../../../src/memory/code/saved-points';
import { findLinux } from '../../../src/memory/linux/find-linux';
import { stampText } from '../../../src/memory/linux/log-line';
import type { PagingRegisters } from '../../../src/memory/walk/paging';
import { memorySource } from '../../../src/source/memory';
import { memoryOf } from '../../fixtures/memory';
import { samples, type Sample } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';

async function linuxOf(sample: Sample) {
  const bytes = sample.open();
  const scan = await scanBytes(bytes);
  const source = memorySource(bytes);
  const saved = { records: scan.records, image: scan.image, source };
  const roots: PagingRegisters[] = [];
  for (const vcpu of savedVcpus(saved)) {
    const point = await readPoint(saved, vcpu);
    if (point) roots.push(point.vcpu.registers);
  }
  return { bytes, found: await findLinux({ memory: memoryOf(bytes, scan), source, roots }) };
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
