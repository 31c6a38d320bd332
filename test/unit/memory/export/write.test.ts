/** Writing exports: pieces, raw memory, progress, cancel, failures, and sizes that do not fit into memory. */
import { describe, expect, test } from 'vitest';
import { elfPlan } from '../../../../src/memory/export/elf/elf';
import { joined, mappingsOf } from '../../../../src/memory/export/elf/mappings';
import { pagesPlan, rangePlan, recordPlan } from '../../../../src/memory/export/pieces';
import { type Exportable, ExportRefused } from '../../../../src/memory/export/kit/plan';
import { rawPlan } from '../../../../src/memory/export/raw';
import { PfnRanks, stretches } from '../../../../src/memory/export/kit/stretches';
import { writePlan } from '../../../../src/memory/export/write';
import { GuestMemory } from '../../../../src/memory/guest-memory';
import { pagingsOf } from '../../../../src/format/paging/paging';
import { emptyImage } from '../../../../src/scan/image';
import { PageIndex } from '../../../../src/scan/pages';
import { RecordIndex } from '../../../../src/scan/records';
import type { ByteSource } from '../../../../src/source/source';
import { exportable, keepingSink, written } from '../../../fixtures/exporting';
import { assemble, hvmParts, pages, PV_PAGES, pvParts } from '../../../fixtures/built/restorable';
import { rowsOf, scanBytes } from '../../../fixtures/scanning';
import { failingSource } from '../../../fixtures/sources';

const pv = assemble(pvParts());

/** An image of pages alone, of any size: every byte of a page is the low byte of its number in the file. */
function sparse(runs: readonly (readonly [pfn: number, count: number, offset: number])[]): Exportable {
  const index = new PageIndex();
  let end = 0;
  for (const [pfn, count, offset] of runs) {
    for (let at = 0; at < count; at += 1024)
      index.add(pfn + at, Math.min(1024, count - at), 0, 0, at, offset < 0 ? -1 : offset + at * 4096);
    end = Math.max(end, offset + count * 4096);
  }
  const source: ByteSource = {
    name: 'sparse.xlsave',
    size: end,
    read: async (offset, length) => Uint8Array.from({ length }, (_, at) => Math.floor((offset + at) / 4096) & 0xff),
  };
  const image = { ...emptyImage(), complete: true };
  return { source, records: new RecordIndex(), pages: index, image, memory: new GuestMemory(source, index, image) };
}

describe('pieces', () => {
  test('a range is those bytes', async () => {
    const file = await exportable(pv);
    expect(await written(rangePlan(file, 100, 50), file.source)).toEqual(Buffer.from(pv.subarray(100, 150)));
    expect(() => rangePlan(file, pv.length - 1, 2)).toThrow(ExportRefused);
    expect(() => rangePlan(file, 0, 0)).toThrow(ExportRefused);
  });

  test('a record is its body without padding, a header all of it', async () => {
    const file = await exportable(pv);
    const rows = rowsOf(await scanBytes(pv));
    for (const { index, kind, offset, length } of rows) {
      const start = kind === 'header' ? offset : offset + 8;
      if (length === 0) expect(() => recordPlan(file, index)).toThrow(/has no body/u);
      else
        expect(await written(recordPlan(file, index), file.source)).toEqual(
          Buffer.from(pv.subarray(start, start + length)),
        );
    }
    expect(() => recordPlan(file, rows.length)).toThrow('there is no record');
  });

  test('pages are all of them or none', async () => {
    const file = await exportable(pv);
    const found = await written(pagesPlan(file, 3, 12), file.source);
    expect(found).toEqual(Buffer.concat(PV_PAGES.map(([, , content]) => content)));
    expect(() => pagesPlan(file, 2, 4)).toThrow('PFN 0x2: the image never mentions it');
    expect(() => pagesPlan(file, 12, 13)).toThrow('PFN 0xd: the image never mentions it');
    expect(() => pagesPlan(file, 4, 3)).toThrow(ExportRefused);
  });

  test('of a page sent twice the last copy counts, of one sent after VERIFY the one before', () => {
    const index = new PageIndex();
    index.add(5, 3, 0, 0, 0, 1000);
    index.add(6, 1, 0, 1, 0, 90_000);
    index.add(7, 1, 0, 5, 0, 200_000);
    const whole = [...stretches({ pages: index, image: {} })];
    expect(whole.map(({ pfn, offset }) => [pfn, offset])).toEqual([
      [5, 1000],
      [6, 90_000],
      [7, 200_000],
    ]);
    const verified = [...stretches({ pages: index, image: { firstVerify: 5 } })];
    expect(verified.at(-1)).toEqual({ pfn: 7, count: 1, offset: 1000 + 2 * 4096 });
  });
});

describe('raw memory', () => {
  test('every page is at its address, what is not there is a hole', async () => {
    const file = await exportable(pv);
    const plan = rawPlan(file);
    expect([plan.size, plan.content]).toEqual([13 * 4096, 10 * 4096]);
    const sink = keepingSink();
    await writePlan(plan, file.source, sink);
    expect(sink.calls).toEqual(['skip 12288', 'write 40960', 'finish']);
    const out = sink.bytes();
    for (const [pfn, , content] of PV_PAGES)
      expect(out.subarray(pfn * 4096, (pfn + 1) * 4096)).toEqual(Buffer.from(content));
  });

  test('more than 4 GiB: offsets stay exact, chunks stay small', async () => {
    const count = 5 * 1024;
    const file = sparse([
      [0x10, count, 2 ** 33 + 4096],
      [2 ** 21, 2, 2 ** 35],
    ]);
    const plan = rawPlan(file);
    expect(plan.size).toBe((2 ** 21 + 2) * 4096);
    const at: [number, number][] = [];
    let position = 0;
    let largest = 0;
    await writePlan(plan, file.source, {
      write: async (bytes) => {
        at.push([position, bytes[0] ?? -1]);
        position += bytes.length;
        largest = Math.max(largest, bytes.length);
      },
      skip: async (length) => {
        position += length;
      },
      finish: async () => undefined,
      abandon: async () => undefined,
    });
    expect(position).toBe(plan.size);
    expect(largest).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(at[0]).toEqual([0x10 * 4096, 1]);
    // The fifth chunk starts 4 × 1024 pages later: page 4097 of the file, of which the low byte is 1 again.
    expect(at[4]).toEqual([(0x10 + 4096) * 4096, 1]);
    expect(at.at(-1)).toEqual([2 ** 33, 0]);
  });

  test('an image without pages is refused', async () => {
    const file = await exportable(assemble({ ...pvParts(), pages: pages([[3, 0xf]]) }));
    expect(() => rawPlan(file)).toThrow('the image holds no page of the guest');
  });
});

describe('refusals of a core file', () => {
  const refused = async (parts: Record<string, Uint8Array>): Promise<string> => {
    try {
      await elfPlan(await exportable(assemble(parts)));
      return 'not refused';
    } catch (error) {
      return error instanceof ExportRefused ? error.message : String(error);
    }
  };
  const without = (parts: Record<string, Uint8Array>, name: string): Record<string, Uint8Array> =>
    Object.fromEntries(Object.entries(parts).filter(([key]) => key !== name));

  test('say what is missing', async () => {
    expect(await refused(pvParts())).toBe('not refused');
    expect(await refused(hvmParts())).toBe('not refused');
    expect(await refused(without(pvParts(), 'basic'))).toBe('the registers of no vCPU are in the image');
    expect(await refused(without(pvParts(), 'shared'))).toMatch(/SHARED_INFO/u);
    expect(await refused(without(pvParts(), 'pages'))).toBe('the image holds no page of the guest');
  });
});

describe('trouble', () => {
  test('a read that fails ends the export, and what was written is abandoned', async () => {
    const file = await exportable(pv, failingSource(pv, pv.length - 6000, false));
    const sink = keepingSink();
    await expect(writePlan(rangePlan(file, 0, pv.length), file.source, sink)).rejects.toThrow('input/output error');
    expect(sink.calls.at(-1)).toBe('abandon');
    expect(sink.calls).not.toContain('finish');
  });

  test('a sink that is full ends it too', async () => {
    const file = await exportable(pv);
    const sink = { ...keepingSink(), write: async () => Promise.reject(new Error('no space left')) };
    await expect(writePlan(rangePlan(file, 0, 10), file.source, sink)).rejects.toThrow('no space left');
    expect(sink.calls).toEqual(['abandon']);
  });

  test('cancelled between two chunks', async () => {
    const file = sparse([[0, 8192, 4096]]);
    const stop = new AbortController();
    const sink = keepingSink();
    const work = writePlan(rawPlan(file), file.source, sink, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done >= 8 * 1024 * 1024) stop.abort(new Error('enough'));
      },
    });
    await expect(work).rejects.toThrow('enough');
    expect(sink.calls).toEqual(['write 4194304', 'write 4194304', 'abandon']);
  });

  test('progress goes from nothing to all of it', async () => {
    const file = sparse([
      [0, 3000, 4096],
      [5000, 1, 2 ** 30],
    ]);
    const seen: number[] = [];
    const plan = rawPlan(file);
    await writePlan(plan, file.source, keepingSink(), { onProgress: (done) => void seen.push(done) });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(plan.size);
  });
});

describe('places of pages in a core file', () => {
  const ranks = new PfnRanks([
    { pfn: 2, count: 3, offset: 0 },
    { pfn: 5, count: 1, offset: 99 },
    { pfn: 9, count: 2, offset: 7 },
  ]);

  test('pages before each, and what of a stretch is there', () => {
    expect([ranks.count, ranks.end]).toEqual([6, 11]);
    expect([...ranks.within(0, 20)]).toEqual([
      { pfn: 2, count: 4, rank: 0 },
      { pfn: 9, count: 2, rank: 4 },
    ]);
    expect([...ranks.within(4, 6)]).toEqual([
      { pfn: 4, count: 2, rank: 2 },
      { pfn: 9, count: 1, rank: 4 },
    ]);
    expect([...ranks.within(6, 3)]).toEqual([]);
    expect([...ranks.within(11, 3)]).toEqual([]);
  });

  test('what the first address space leaves free comes from the second', () => {
    const first = [
      { va: 10, pfn: 100, count: 5 },
      { va: 20, pfn: 200, count: 1 },
    ];
    const second = [
      { va: 8, pfn: 300, count: 20 },
      { va: 40, pfn: 400, count: 1 },
    ];
    expect(joined(first, second)).toEqual([
      { va: 8, pfn: 300, count: 2 },
      { va: 10, pfn: 100, count: 5 },
      { va: 15, pfn: 307, count: 5 },
      { va: 20, pfn: 200, count: 1 },
      { va: 21, pfn: 313, count: 7 },
      { va: 40, pfn: 400, count: 1 },
    ]);
    expect(joined([], second)).toEqual(second);
    expect(joined(first, [])).toEqual(first);
  });

  test('tables that map themselves, and limits', async () => {
    // One page that is its own table on all levels: 512 entries, each leading to it.
    const self = new Uint8Array(4096);
    const view = new DataView(self.buffer);
    for (let entry = 0; entry < 512; entry++) view.setBigUint64(entry * 8, 0x27n, true);
    const index = new PageIndex();
    index.add(0, 1, 0, 0, 0, 0);
    const source: ByteSource = { name: 'self', size: 4096, read: async () => self };
    const memory = new GuestMemory(source, index, {});
    const registers = { kind: 'hvm', cr0: 0x8000_0001n, cr3: 0n, cr4: 0x20n, efer: 0xd00n } as const;
    const found = await mappingsOf(memory, pagingsOf(registers)[0]);
    expect(found.repeated).toBe(true);
    expect(found.list.length).toBeLessThan(100);
    expect(found.list.every(({ pfn, count }) => pfn === 0 && count === 1)).toBe(true);
    const capped = await mappingsOf(memory, pagingsOf(registers)[0], { mappingLimit: 3 });
    expect([capped.capped, capped.list.length]).toEqual([true, 3]);
    const few = await mappingsOf(memory, pagingsOf(registers)[0], { tableLimit: 2 });
    expect([few.capped, few.list.length]).toEqual([true, 0]);
  });
});
