/** Exports in the worker: slices of the file put together, cancel and failures that leave nothing behind. */
import { describe, expect, test } from 'vitest';
import { blankPlan } from '../../../src/memory/export/blank/blank';
import type { ExportChoice } from '../../../src/memory/export/choice';
import { elfPlan } from '../../../src/memory/export/elf/elf';
import { GuestMemory } from '../../../src/memory/guest-memory';
import { GuestMap } from '../../../src/memory/guest-map';
import { Scan } from '../../../src/scan/scan';
import { blobSource } from '../../../src/source/blob';
import { runExport } from '../../../src/worker/export';
import { exportableOf, type WorkerFile } from '../../../src/worker/worker-file';
import { written } from '../../fixtures/exporting';
import { assemble, PV_PAGES, pvParts } from '../../fixtures/built/restorable';

const bytes = assemble(pvParts());

async function openFile(): Promise<WorkerFile> {
  const source = blobSource(new Blob([Uint8Array.from(bytes)]), 'guest.xlsave');
  const scan = new Scan(source);
  await scan.run();
  const { pages, image } = scan;
  const map = new GuestMap({ pages, image, findings: () => [] });
  return { scan, source, map, memory: new GuestMemory(source, pages, image), findings: [] };
}

const tools = (signal: AbortSignal, onProgress: (done: number, total: number) => void = () => undefined) => ({
  signal,
  onProgress,
  onPart: () => undefined,
  breathe: () => Promise.resolve(),
});

/** A file as the browser hands one out: what is written counts once it is closed. */
class FakeFile {
  content = new Uint8Array(0);
  readonly calls: string[] = [];
  #draft = new Uint8Array(0);
  constructor(readonly fail?: string) {}

  async createWritable() {
    return {
      write: async ({ position, data }: { position: number; data: Blob }) => {
        this.calls.push(`write ${position} ${data.size}`);
        if (this.fail !== undefined) throw new Error(this.fail);
        const grown = new Uint8Array(Math.max(this.#draft.length, position + data.size));
        grown.set(this.#draft);
        grown.set(new Uint8Array(await data.arrayBuffer()), position);
        this.#draft = grown;
      },
      truncate: async (size: number) => void this.calls.push(`truncate ${size}`),
      close: async () => {
        this.calls.push('close');
        this.content = this.#draft;
      },
      abort: async () => void this.calls.push('abort'),
    };
  }

  get handle(): FileSystemFileHandle {
    return this as unknown as FileSystemFileHandle;
  }
}

const never = new AbortController().signal;

describe('a download', () => {
  const choices: readonly ExportChoice[] = [{ what: 'elf' }, { what: 'blank', scrub: ['registers'] }];
  test.each(choices)('$what is the same bytes as those that a terminal writes', async (choice) => {
    const file = await openFile();
    const { download, size, name } = await runExport(file, { choice }, tools(never));
    const plan =
      choice.what === 'elf'
        ? await elfPlan(exportableOf(file))
        : await blankPlan(exportableOf(file), { scrub: new Set(['registers'] as const) });
    expect([size, name]).toEqual([plan.size, plan.name]);
    const found = Buffer.from((await download?.arrayBuffer()) ?? new ArrayBuffer(0));
    expect(found.equals(await written(plan, file.source))).toBe(true);
  });

  test('of raw memory has zeros where a file would have holes', async () => {
    const { download } = await runExport(await openFile(), { choice: { what: 'raw' } }, tools(never));
    const found = Buffer.from((await download?.arrayBuffer()) ?? new ArrayBuffer(0));
    expect(found.length).toBe(13 * 4096);
    expect(found.subarray(0, 3 * 4096).every((byte) => byte === 0)).toBe(true);
    expect(found.subarray(3 * 4096)).toEqual(Buffer.concat(PV_PAGES.map(([, , content]) => content)));
  });
});

describe('a file', () => {
  test('is written past its holes and closed', async () => {
    const destination = new FakeFile();
    const seen: [number, number][] = [];
    const input = { choice: { what: 'raw' }, destination: destination.handle } as const;
    const done = await runExport(
      await openFile(),
      input,
      tools(never, (...at) => void seen.push(at)),
    );
    expect(done.download).toBeUndefined();
    expect(destination.calls).toEqual(['write 12288 40960', 'truncate 53248', 'close']);
    expect(destination.content.length).toBe(53_248);
    expect(seen.at(-1)).toEqual([53_248, 53_248]);
  });

  test('cancelled, it is given up', async () => {
    const destination = new FakeFile();
    const stop = new AbortController();
    const input = { choice: { what: 'raw' }, destination: destination.handle } as const;
    const work = runExport(
      await openFile(),
      input,
      tools(stop.signal, () => stop.abort(new Error('enough'))),
    );
    await expect(work).rejects.toThrow('enough');
    expect(destination.calls.at(-1)).toBe('abort');
    expect(destination.content.length).toBe(0);
  });

  test('a write that fails gives it up and says why', async () => {
    const destination = new FakeFile('the disk is full');
    const input = { choice: { what: 'raw' }, destination: destination.handle } as const;
    await expect(runExport(await openFile(), input, tools(never))).rejects.toThrow('the disk is full');
    expect(destination.calls).toEqual(['write 12288 40960', 'abort']);
  });
});
