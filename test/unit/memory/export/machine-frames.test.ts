/**
 * Core files of PV guests with PFNs and with machine frames: both lead to what Xen showed by the rules of crash, and the
 * second is, page for page, what `xl dump-core` wrote of the same paused domain.
 */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { elfPlan } from '../../../../src/memory/export/elf/elf';
import { writePlan } from '../../../../src/memory/export/write';
import { exportable, keepingSink, written } from '../../../fixtures/exporting';
import { coreFrames, crashMemory, crashPages, sectionOf } from '../../../fixtures/plain/core';
import { assemble, patch, PV_PAGES, pvParts } from '../../../fixtures/built/restorable';
import { samples, type Sample } from '../../../fixtures/samples';
import { xenctxMemory } from '../../../fixtures/xen/xenctx-memory';

const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');
const long = (core: Uint8Array, at: number): bigint => Buffer.from(core).readBigUInt64LE(at);

async function coreOf(image: Uint8Array, machineFrames: boolean): Promise<Uint8Array> {
  const file = await exportable(image);
  return written(await elfPlan(file, { machineFrames }), file.source);
}

/** In a vcpu_guest_context of 64 bits: user_regs.rdx, ctrlreg[1] and ctrlreg[3]. */
const [RDX, CR1, CR3] = [616, 4992, 5008];
const contextAt = (core: Uint8Array, vcpu: number): number =>
  (sectionOf(core, '.xen_prstatus')?.offset ?? 0) + vcpu * 5168;

interface DumpedPage {
  readonly pfn: number;
  readonly frame: number;
  readonly digest: string;
  /** Type that the image has it as: 1 … 4 and 9 … 12 are page tables. */
  readonly type: number;
}

/** `0x2a10 0x13b010 SHA-1 pagetable type=12` */
const dumped = (text: string): DumpedPage[] =>
  Array.from(text.matchAll(/^0x([\da-f]+) 0x([\da-f]+) ([\da-f]+) \w+ type=(\d+)$/gmu)).map(
    ([, pfn = '', frame = '', digest = '', type = '']) => ({
      pfn: Number.parseInt(pfn, 16),
      frame: Number.parseInt(frame, 16),
      digest,
      type: Number(type),
    }),
  );

const WITH_CORE = samples.filter(({ name }) => ['micro64', 'micro32', 'pv64'].includes(name));

describe.each(WITH_CORE)('$name with machine frames', (sample: Sample) => {
  const pages = dumped(sample.truth('pages-vs-core.txt') ?? '');
  let core = new Uint8Array(0);
  beforeAll(async () => {
    core = Uint8Array.from(await coreOf(sample.open(), true));
  });

  test('the frame of every page is the one that xl dump-core saw', () => {
    const frames = coreFrames(core);
    expect(pages.filter(({ pfn, frame }) => frames.get(pfn) !== frame)).toEqual([]);
    if (pages.length > 0) expect(frames.size).toBe(pages.length);
  });

  test('every page is that of xl dump-core, but for tables in which Xen has entries of its own', () => {
    const at = crashPages(core);
    const other = pages.filter(({ pfn, digest }) => {
      const offset = at.get(pfn) ?? 0;
      return sha1(core.subarray(offset, offset + 4096)) !== digest;
    });
    // L4 of 64-bit guests: slots 256 to 271. Of 32-bit ones the L2 that maps the last GiB, and what follows 4 entries of an L3.
    const own = sample.name === 'micro32' ? [2, 3] : [4];
    expect(other.filter(({ type }) => !own.includes(type & 7))).toEqual([]);
    if (sample.name === 'pv64') expect([pages.length, other.length]).toEqual([24_576, 9]);
  });

  test('registers that name frames are those that xenctx showed', () => {
    if (sample.name === 'micro32') return;
    const text = sample.truth('xenctx-paused-after-save.txt') ?? '';
    const shown = (name: string) => Array.from(text.matchAll(new RegExp(`${name}: ([\\da-f]{16})`, 'gu')), (m) => m[1]);
    const count = (sectionOf(core, '.xen_prstatus')?.size ?? 0) / 5168;
    const of = (offset: number) =>
      Array.from({ length: count }, (_, id) =>
        long(core, contextAt(core, id) + offset)
          .toString(16)
          .padStart(16, '0'),
      );
    expect(of(CR3)).toEqual(shown('cr3'));
    expect(of(RDX)).toEqual(shown('rdx'));
  });
});

describe.each(WITH_CORE.filter(({ name }) => name !== 'micro32'))('$name by the rules of crash', (sample: Sample) => {
  test.each([false, true])('code and stack of each VCPU (machine frames: %s)', async (machineFrames) => {
    const core = await coreOf(sample.open(), machineFrames);
    const read = crashMemory(core);
    const text = sample.truth('xenctx-paused-after-save.txt') ?? '';
    const shown = xenctxMemory(text);
    expect(shown.size).toBe(2);
    for (const [id, { at, after, stack }] of shown) {
      const root = long(core, contextAt(core, id) + CR3);
      expect(read(root, at, after.length)).toEqual(Buffer.from(after));
      const rsp = BigInt(`0x${[...text.matchAll(/rsp: ([\da-f]+)/gu)][id]?.[1] ?? '0'}`);
      const words = Buffer.from(read(root, rsp, 8) ?? []);
      expect(words.readBigUInt64LE(0)).toBe(stack[0]);
    }
  });
});

describe('a guest of 13 PFNs, 3 to 12 of them sent', () => {
  const image = assemble(pvParts());

  test('every PFN has its place: what is missing is zeros, and has no frame', async () => {
    const core = await coreOf(image, false);
    const pages = sectionOf(core, '.xen_pages');
    expect(pages?.size).toBe(13 * 4096);
    expect([...coreFrames(core)]).toEqual(PV_PAGES.map(([pfn]) => [pfn, pfn]));
    expect(Buffer.from(core).subarray(pages?.offset, (pages?.offset ?? 0) + 3 * 4096)).toEqual(Buffer.alloc(3 * 4096));
    const p2m = sectionOf(core, '.xen_p2m')?.offset ?? 0;
    expect([0, 1, 2, 3].map((place) => Number(long(core, p2m + place * 16)))).toEqual([0, 1, 2, 3]);
    const plan = await elfPlan(await exportable(image));
    expect(plan.size - plan.content).toBe(3 * 4096);
    expect(plan.notes.join()).toContain('3 pages that the image has nothing of are zeros');
  });

  test('frames are those of its own list, PFN 3 in 0x1003', async () => {
    const core = await coreOf(image, true);
    expect([...coreFrames(core)]).toEqual(PV_PAGES.map(([pfn]) => [pfn, 0x1000 + pfn]));
    // 6 to 9 are the page tables, each with one entry for the next.
    const pages = crashPages(core);
    expect([6, 7, 8, 9].map((pfn) => long(core, pages.get(pfn) ?? 0))).toEqual([
      0x100_7027n,
      0x100_8027n,
      0x100_9027n,
      0x100_a027n,
    ]);
    expect(long(core, contextAt(core, 0) + RDX)).toBe(0x1003n);
    expect(long(core, contextAt(core, 0) + CR1)).toBe(0n);
  });

  test('a table that names a page without a frame stops the export, and nothing is kept', async () => {
    // The entry of PFN 10 in the list: all ones, as a guest marks what it gave back.
    const at = Buffer.from(image).indexOf(Buffer.from('0a10000000000000', 'hex'));
    const file = await exportable(patch(image, at, new Uint8Array(8).fill(0xff)));
    const plan = await elfPlan(file, { machineFrames: true });
    const sink = keepingSink();
    await expect(writePlan(plan, file.source, sink)).rejects.toThrow(
      /entry \d+ of the page table at PFN 0x\w+ names PFN 0xa, which has no machine frame/u,
    );
    expect(sink.calls.at(-1)).toBe('abandon');
  });

  test.each([
    ['p2m', 'no record says where the guest’s list of machine frames is'],
    ['info', 'the image does not say how wide'],
  ])('without its %s record it is refused', async (part, message) => {
    const file = await exportable(assemble({ ...pvParts(), [part]: new Uint8Array(0) }));
    await expect(elfPlan(file, { machineFrames: true })).rejects.toThrow(message);
  });

  test('a list that ends too early, or whose page is not there, is refused', async () => {
    const list = Buffer.from(image).indexOf(Buffer.from('000000003f0000000b00000000000000', 'hex'));
    const lost = await exportable(patch(image, list + 8, new Uint8Array([0x20])));
    await expect(elfPlan(lost, { machineFrames: true })).rejects.toThrow(
      'a page of the guest’s list of machine frames is missing: PFN 0x20: the image never mentions it',
    );
  });
});

test('a guest whose frames Xen translates has none of its own', async () => {
  const sample = samples.find(({ name }) => name === 'micropvh-live');
  const file = await exportable(sample ? Uint8Array.from(sample.open()) : new Uint8Array(0));
  await expect(elfPlan(file, { machineFrames: true })).rejects.toThrow(
    sample ? 'only the page tables of PV guests' : 'what kind of guest',
  );
});
