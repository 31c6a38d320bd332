/** The core file of real guests: read by the rules of crash and Volatility, and by Debian's readelf and gdb. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elfPlan } from '../../../../src/memory/export/elf/elf';
import { exportable, written } from '../../../fixtures/exporting';
import {
  coreSections,
  crashNotes,
  crashPages,
  crashTakesForKdump,
  sectionOf,
  volatilityPages,
} from '../../../fixtures/plain/core';
import { samples, type Sample } from '../../../fixtures/samples';
import { xenctxMemory } from '../../../fixtures/xen/xenctx-memory';
import { xenctxRegisters } from '../../../fixtures/xen/output';

const NAMES = ['micro64', 'micro32', 'pv64', 'micropvh', 'hvmbios', 'micro64-live', 'micropvh-live', 'micro64-remus'];
const chosen = samples.filter(({ name }) => NAMES.includes(name));
const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

const folder = mkdtempSync(join(tmpdir(), 'xenscope-core-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });

describe.each(chosen)('$name', (sample: Sample) => {
  let core = new Uint8Array(0);
  let image = new Uint8Array(0);
  const path = join(folder, `${sample.name}.core`);

  beforeAll(async () => {
    image = Uint8Array.from(sample.open());
    const file = await exportable(image);
    const plan = await elfPlan(file);
    core = Uint8Array.from(await written(plan, file.source));
    expect(core.length).toBe(plan.size);
    writeFileSync(path, core);
  });

  test('has the sections of a dump-core file', () => {
    const table = sample.isPv ? '.xen_p2m' : '.xen_pfn';
    const info = sample.isPv ? ['.xen_shared_info'] : [];
    expect(coreSections(core).map(({ name }) => name)).toEqual([
      '',
      '.shstrtab',
      '.note.Xen',
      '.xen_prstatus',
      ...info,
      '.xen_pages',
      table,
    ]);
    expect(sectionOf(core, '.xen_prstatus')).toMatchObject({ type: 1, each: 5168 });
    expect((sectionOf(core, '.xen_pages')?.offset ?? 1) % 4096).toBe(0);
  });

  test('its notes say magic, vCPUs, pages and versions', () => {
    const notes = crashNotes(core);
    expect([...notes.keys()]).toEqual([0x200_0000, 0x200_0001, 0x200_0002, 0x200_0003]);
    const header = Buffer.from(notes.get(0x200_0001) ?? []);
    expect(header.readBigUInt64LE(0)).toBe(sample.isPv ? 0xf00f_ebedn : 0xf00f_ebeen);
    expect(header.readBigUInt64LE(8)).toBe(BigInt((sectionOf(core, '.xen_prstatus')?.size ?? 0) / 5168));
    expect(header.readBigUInt64LE(16)).toBe(BigInt((sectionOf(core, '.xen_pages')?.size ?? 0) / 4096));
    expect(header.readBigUInt64LE(24)).toBe(4096n);
    const version = Buffer.from(notes.get(0x200_0002) ?? []);
    expect(version.length).toBe(1280);
    expect([version.readBigUInt64LE(0), version.readBigUInt64LE(8)]).toEqual([4n, 17n]);
    // A 32-bit guest has it four bytes earlier, as the alignment of its own structure is.
    expect(version.readBigUInt64LE(sample.name === 'micro32' ? 1268 : 1272)).toBe(4096n);
    expect(Buffer.from(notes.get(0x200_0003) ?? []).toString('hex')).toBe('0100000000000000');
  });

  test('crash and Volatility find the same pages, and crash does not take it for kdump', () => {
    const pages = crashPages(core);
    const pfns = [...pages.keys()];
    expect(pfns).toEqual(pfns.toSorted((a, b) => a - b));
    const seen = volatilityPages(core);
    const missed = pfns.filter((pfn) => seen.get(pfn) !== pages.get(pfn));
    expect(missed).toEqual(sample.isPv ? [] : [0].filter((pfn) => pages.has(pfn)));
    expect(crashTakesForKdump(core)).toBe(false);
  });

  test('the pages are those of xl dump-core, page tables aside', () => {
    const lines = (sample.truth('pages-vs-core.txt') ?? '').split('\n').filter((line) => line.startsWith('0x'));
    const pages = crashPages(core);
    let same = 0;
    const wrong: string[] = [];
    for (const line of lines) {
      const [pfn = '', , digest, verdict] = line.split(' ');
      const at = pages.get(Number(pfn));
      if (verdict !== 'same') continue;
      if (at !== undefined && sha1(core.subarray(at, at + 4096)) === digest) same++;
      else wrong.push(line);
    }
    expect(wrong).toEqual([]);
    if (lines.length > 0) expect(same).toBeGreaterThan(1000);
  });

  test('readelf has nothing to complain of', () => {
    const text = run('readelf', '-aW', path);
    expect(text).not.toMatch(/warning|error|corrupt/iu);
    expect(text).toContain('NT_PRSTATUS');
    expect(text).toContain('.xen_pages');
  });

  test('gdb shows registers and memory as xenctx showed them', () => {
    const text = sample.truth('xenctx-paused-after-save.txt') ?? '';
    const shown = xenctxMemory(text);
    const vcpus = (sectionOf(core, '.xen_prstatus')?.size ?? 0) / 5168;
    for (const [id, values] of xenctxRegisters(text)) {
      // One that was never started has no registers in the image.
      if (id >= vcpus) continue;
      const memory = shown.get(id);
      const found = gdb(path, id + 1, memory?.at ?? 0n, memory?.after.length ?? 0);
      for (const name of ['rip', 'rsp', 'rbp', 'rbx', 'rsi', 'r12', 'r15']) {
        // Of 32 bits: eip and esp are printed with their segment, and are seen in the bytes there.
        const narrow = name === 'rip' || name === 'rsp' ? undefined : values[name.replace('r', 'e')];
        const expected = values[name] ?? narrow;
        if (expected !== undefined) expect(found.get(name), `${name} of VCPU ${id}`).toBe(expected);
      }
      if (memory) expect(found.get('code')).toBe(BigInt(`0x${Buffer.from(memory.after.toReversed()).toString('hex')}`));
      if (memory?.wordBytes === 8 && memory.stack.length > 0) expect(found.get('word')).toBe(memory.stack[0]);
    }
  });
});

/** Registers of a thread, the word on its stack, and bytes at an address as one number. */
function gdb(path: string, thread: number, at: bigint, length: number): Map<string, bigint> {
  const print = (name: string, what: string): string[] => ['-ex', `echo \\n${name}=`, '-ex', `output/x ${what}`];
  const registers = ['rip', 'rsp', 'rbp', 'rbx', 'rsi', 'r12', 'r15'].flatMap((name) => print(name, `$${name}`));
  const word = print('word', '*(unsigned long *)$rsp');
  const code = ['-ex', 'echo \\n', '-ex', `output/x *(unsigned char *)${at}@${length}`];
  const text = run('gdb', '-q', '-nx', '-batch', '-ex', `thread ${thread}`, ...registers, ...word, ...code, '-c', path);
  const found = new Map<string, bigint>();
  for (const [, name = '', value = ''] of text.matchAll(/^(\w+)=(0x[\da-f]+)$/gmu)) found.set(name, BigInt(value));
  const bytes = expanded(/\{(0x[^}]*)\}/u.exec(text)?.[1] ?? '');
  found.set('code', BigInt(`0x${bytes.toReversed().join('') || '0'}`));
  return found;
}

/** `0x5b, 0xcc <repeats 12 times>` as bytes in hex. */
const expanded = (list: string): string[] =>
  Array.from(list.matchAll(/0x([\da-f]+)(?: <repeats (\d+) times>)?/gu)).flatMap(([, digits = '', times]) =>
    Array.from({ length: Number(times ?? 1) }, () => digits.padStart(2, '0')),
  );
