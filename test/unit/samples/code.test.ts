/** Real images: instructions, stacks and call traces are those that xenctx printed of the same domains. */
import { describe, expect, test } from 'vitest';
import { codeView, type CodeView, foldPadding } from '../../../src/memory/code/code-view';
import { readPoint, savedVcpus } from '../../../src/memory/vcpus/saved';
import { memorySource } from '../../../src/source/memory';
import { memoryOf } from '../../fixtures/memory';
import { samples, type Sample } from '../../fixtures/samples';
import { scanBytes } from '../../fixtures/scanning';
import { type ShownMemory, xenctxMemory } from '../../fixtures/xen/xenctx-memory';
import { type ShownTrace, xenctxTraces } from '../../fixtures/xen/xenctx-trace';

const LIVE = 'xenctx-paused-after-save.txt';
/** Xen 4.13 resets PV vCPUs other than the first after a save: those are shown by the restored domain. */
const RESTORED = 'xenctx-restored-paused.txt';
/** Its L1 table of all kernel addresses was lost in the save. */
const LOST = 'micro64-lostpt';

/** What a tool printed of each vCPU of a domain. */
function truthOf<T>(sample: Sample, read: (text: string) => Map<number, T>): Map<number, T> {
  const shown = read(sample.truth(LIVE) ?? '');
  if (sample.libxc_version !== 2 || !sample.isPv) return shown;
  const restored = read(sample.truth(RESTORED) ?? '');
  return new Map([...shown].map(([id, one]) => [id, id === 0 ? one : (restored.get(id) ?? one)]));
}

async function views(sample: Sample): Promise<Map<number, CodeView>> {
  const bytes = sample.open();
  const scan = await scanBytes(bytes);
  const memory = memoryOf(bytes, scan);
  const saved = { records: scan.records, image: scan.image, source: memorySource(bytes) };
  const found = new Map<number, CodeView>();
  for (const vcpu of savedVcpus(saved)) {
    const point = await readPoint(saved, vcpu);
    if (point) found.set(vcpu.id, await codeView(memory, point, { before: 8, after: 12 }));
  }
  return found;
}

const shownOnes = samples.filter((sample) => truthOf(sample, xenctxMemory).size > 0 && sample.name !== LOST);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function compareCode({ ip, code }: CodeView, { at, before, after }: ShownMemory): void {
  expect(ip.toString(16)).toBe(at.toString(16));
  expect('reason' in code ? code.reason : '').toBe('');
  if ('reason' in code) return;
  const past = Buffer.concat(code.filter(({ va }) => va < at).map(({ bytes }) => bytes));
  const next = Buffer.concat(code.filter(({ va }) => va >= at).map(({ bytes }) => bytes));
  const count = Math.min(past.length, before.length);
  expect(count).toBeGreaterThan(0);
  expect(hexOf(past.subarray(past.length - count))).toBe(hexOf(before.subarray(before.length - count)));
  expect(hexOf(next).startsWith(hexOf(after)) || hexOf(after).startsWith(hexOf(next))).toBe(true);
  // One after the other, without a gap.
  for (const [index, line] of code.entries()) {
    const following = code[index + 1];
    if (following) expect(following.va).toBe(line.va + BigInt(line.length));
  }
  expect(code.some(({ va }) => va === at)).toBe(true);
}

describe.each(shownOnes)('$file', (sample) => {
  test('code bytes, stack words and call trace', async () => {
    const found = await views(sample);
    const traces: Map<number, ShownTrace> = truthOf(sample, xenctxTraces);
    for (const [id, shown] of truthOf(sample, xenctxMemory)) {
      const view = found.get(id);
      expect(view, `vcpu ${id}`).toBeDefined();
      if (!view) continue;
      compareCode(view, shown);
      // A stack pointer at the very end of its page leaves xenctx nothing to show, as a kernel at a low address does.
      if (shown.stack.length > 0) {
        expect(view.word).toBe(shown.wordBytes);
        const words = view.stack.words.slice(0, shown.stack.length).map(({ value }) => value.toString(16));
        expect(words).toEqual(shown.stack.map((word) => word.toString(16)));
      }
      const trace = traces.get(id);
      const listed = view.scanned.filter((call) => call.listed);
      expect(listed.map(({ at, address }) => `${at.toString(16)} ${address.toString(16)}`)).toEqual(
        (trace?.calls ?? []).map(({ at, address }) => `${at.toString(16)} ${address.toString(16)}`),
      );
      if (trace) expect(trace.next).toBe(view.ip);
    }
  });
});

test('traces were compared', () => {
  const compared = shownOnes.filter((sample) => truthOf(sample, xenctxTraces).size > 0).map(({ name }) => name);
  expect(compared).toContain('micro64');
});

const textOf = (view: CodeView | undefined): string[] =>
  !view || 'reason' in view.code
    ? []
    : foldPadding(view.code, view.ip).map(({ line, times }) => {
        const mark = line.va === view.ip ? '> ' : '  ';
        return `${mark}${line.va.toString(16)} ${hexOf(line.bytes)} ${line.text}${times > 1 ? ` × ${times}` : ''}`;
      });

const named = (name: string): readonly Sample[] => samples.filter((sample) => sample.name === name);

test.each(named('micro64'))('$file: the hypercall of a 64-bit PV guest, and who made it', async (sample) => {
  const found = await views(sample);
  expect(textOf(found.get(0)).slice(0, 9)).toEqual([
    '  ffffffff8000039c cc int3 × 4',
    '  ffffffff800003a0 51 push rcx',
    '  ffffffff800003a1 4153 push r11',
    '  ffffffff800003a3 b81d000000 mov eax, 0x1d',
    '  ffffffff800003a8 0f05 syscall',
    '> ffffffff800003aa 415b pop r11',
    '  ffffffff800003ac 59 pop rcx',
    '  ffffffff800003ad c3 ret',
    '  ffffffff800003ae cc int3 × 10',
  ]);
  const calls = found.get(0)?.scanned.map(({ at, address, follows }) => [at, address, follows]);
  // Of the four that xenctx lists, two stand behind a call.
  expect(calls).toEqual([
    [0xffff_ffff_8000_6f58n, 0xffff_ffff_8000_1d5bn, true],
    [0xffff_ffff_8000_6f78n, 0xffff_ffff_8001_7000n, false],
    [0xffff_ffff_8000_6f88n, 0xffff_ffff_8001_5000n, false],
    [0xffff_ffff_8000_6ff8n, 0xffff_ffff_8000_1012n, true],
  ]);
  expect(found.get(1)?.stack.words[2]).toMatchObject({
    value: 0xffff_ffff_8000_1129n,
    kind: 'return',
    called: 0xffff_ffff_8000_03a0n,
  });
});

test.each(named('micropvh'))('$file: the hypercall of a PVH guest', async (sample) => {
  const found = await views(sample);
  expect(textOf(found.get(0)).slice(0, 5)).toEqual([
    '  10139a cc int3 × 6',
    '  1013a0 b81d000000 mov eax, 0x1d',
    '  1013a5 0f01d9 vmmcall',
    '> 1013a8 c3 ret',
    '  1013a9 cc int3 × 12',
  ]);
  expect(found.get(0)?.stack.words[0]).toMatchObject({ value: 0x10024fn, kind: 'return', called: 0x1013a0n });
});

test.each(named('hvmbios'))('$file: 16-bit code, its branches within the segment', async (sample) => {
  const view = (await views(sample)).get(0);
  expect(view?.bits).toBe(16);
  expect(textOf(view).slice(3, 11)).toEqual([
    '  fb7ae 6631d2 xor edx, edx',
    '  fb7b1 6631c0 xor eax, eax',
    '  fb7b4 e950c2 jmp 0x7a07',
    '  fb7b7 fb sti',
    '  fb7b8 f4 hlt',
    '> fb7b9 fa cli',
    '  fb7ba fc cld',
    '  fb7bb 66c3 retd',
  ]);
  // cs is f000: the jump leads to f7a07.
  const lines = view && !('reason' in view.code) ? view.code : [];
  expect(lines.find(({ va }) => va === 0xfb7b4n)?.leads).toBe(0xf_7a07n);
});

test.each(named('pv64'))('$file: the guess before rip meets the call before it', async (sample) => {
  expect(textOf((await views(sample)).get(1)).slice(1, 7)).toEqual([
    '  ffffffff8119285c b8feffffff mov eax, 0xfffffffe',
    '  ffffffff81192861 ebdf jmp 0xffffffff81192842',
    '  ffffffff81192863 e8885e8b00 call 0xffffffff81a486f0',
    '  ffffffff81192868 0f1f840000000000 nop dword [rax+rax]',
    '  ffffffff81192870 f390 pause',
    '> ffffffff81192872 c3 ret',
  ]);
});

test.each(named(LOST))('$file: code and stack say which table is missing', async (sample) => {
  const view = (await views(sample)).get(0);
  expect(view && 'reason' in view.code && view.code.reason).toMatch(/^the table of the L1 is not in the image/u);
  expect(view?.stack).toMatchObject({ words: [], reason: expect.stringMatching(/L1/u) as string });
  expect(view?.scanned).toEqual([]);
});
