/** The real worker behind its client: progress, cancelling, closing, and questions about pages. */
import { expect, test } from 'vitest';
import { WorkerClient } from '../../src/worker/client';
import type { ScanEnd } from '../../src/worker/protocol';
import { startWorker } from '../../src/worker/start';
import { RecordIndex } from '../../src/scan/records';
import { sampleFile } from '../fixtures/page/sample-file';

interface Opened {
  readonly client: WorkerClient;
  readonly records: RecordIndex;
  readonly done: Promise<ScanEnd>;
  readonly cancel: () => void;
  messages: number;
}

function start(file: File): Opened {
  const records = new RecordIndex();
  const abort = new AbortController();
  const client = new WorkerClient(startWorker);
  const opened = { client, records, cancel: () => abort.abort(), messages: 0 };
  const done = client.scan(file, file.name, {
    signal: abort.signal,
    onPart: ({ batch }) => {
      opened.messages++;
      records.append(batch);
    },
  });
  return Object.assign(opened, { done });
}

test('the worker indexes a real image and answers where a page is', async () => {
  const { client, records, done } = start(await sampleFile());
  const { fingerprint } = await done;
  expect(fingerprint).toBe('89ce70c329b70f42');
  expect(records.count).toBe(21);
  expect(records.row(13)?.name).toBe('X86_PV_VCPU_BASIC');
  // The start_info page: entry 0x17 of the PAGE_DATA at 0x879, one page of content each for the entries before.
  const found = await client.request('history', { pfn: 0x17 });
  expect(found).toMatchObject({ mentions: 1, sent: 1, verified: false });
  expect(found.last[0]?.record).toBe(10);
  const { records: holders } = await client.request('holders', { pfn: 0x17 });
  expect([...holders]).toEqual([10]);
  const totals = await client.request('totals', {});
  expect(totals.pfns).toBe(1024);
  expect(totals.byState.type?.[0xf]).toBe(4);
});

test('the worker fills cells of the map, and reads all pages when asked to', async () => {
  const { client, done } = start(await sampleFile());
  await done;
  const map = await client.request('map', { layer: 'type', start: 0x18, perCell: 1, cells: 4 });
  // Two rings, the root pinned as L4, an L3 table.
  expect([...map.state]).toEqual([0, 0, 0xc, 3]);
  expect(await client.job('roles', {})).toEqual({ records: 21 });
  const roles = await client.request('roles', { pfn: 0x1a });
  expect(roles).toEqual([
    { pfn: 0x1a, count: 1, role: 'root', by: 'cr3', vcpu: 0 },
    { pfn: 0x1a, count: 1, role: 'root', by: 'cr3', vcpu: 1 },
  ]);
  let told = 0;
  const part = await client.job('content', {}, { onProgress: (progress) => (told = progress.done) });
  expect(part).toMatchObject({ read: 1020, failed: 0, full: false, twinsFull: false });
  expect(told).toBe(1020);
  const zeros = await client.request('counts', { layer: 'type' });
  expect(zeros.counts[0x10]).toBe(part.zeroOrdinary);
  const code = await client.request('pageCode', { pfn: 0 });
  if ('reason' in code) throw new Error(code.reason);
  // rip is ffffffff800003aa: the instruction behind the hypercall's syscall.
  expect(code.lines.find(({ vcpus }) => vcpus)).toMatchObject({ at: 0x3aa, vcpus: [0, 1] });
});

test('the worker walks page tables: rip of vCPU 0 leads to its bytes in the file', async () => {
  const { client, done } = start(await sampleFile());
  await done;
  const found = await client.request('translate', {
    registers: { kind: 'pv64', cr3: 0x1_a000n, cr1: 0n, inKernel: true },
    va: 0xffff_ffff_8000_03aan,
  });
  expect(found.steps.map(({ level }) => level)).toEqual(['L4', 'L3', 'L2', 'L1']);
  expect(found.page).toMatchObject({ state: 'here', offset: 0x2889 });
  const page = await client.request('page', { pfn: 0x17 });
  expect(page).toMatchObject({ state: 'here', record: 10 });
});

/** Millions of empty records: a scan that lasts. */
function longFile(): File {
  const block = new Uint8Array(8 * 65_536);
  for (let at = 0; at < block.length; at += 8) block[at] = 0x0d;
  const head = new Uint8Array(40).fill(0xff, 0, 8);
  head.set([0x58, 0x45, 0x4e, 0x46, 0, 0, 0, 3], 8);
  head.set([2, 0, 0, 0, 12, 0, 0, 0, 4, 0, 0, 0, 17, 0, 0, 0], 24);
  return new File([head, ...Array.from({ length: 150 }, () => block)], 'many');
}

test('a cancelled scan ends without a fingerprint and keeps what it has', async () => {
  const { records, done, cancel } = start(longFile());
  await expect.poll(() => records.count).toBeGreaterThan(1000);
  cancel();
  expect(await done).toEqual({});
  expect(records.count).toBeLessThan(9_000_000);
});

test('nothing comes of a file that was closed, and questions to it are refused', async () => {
  const closed = start(longFile());
  await expect.poll(() => closed.records.count).toBeGreaterThan(1000);
  const asked = closed.client.request('totals', {});
  closed.client.close();
  await expect(asked).rejects.toThrow('the file was closed');
  await expect(closed.done).rejects.toThrow('the file was closed');
  const { messages } = closed;
  // Another worker starts, scans and ends meanwhile: time enough for what would still be on its way.
  await start(await sampleFile()).done;
  expect(closed.messages).toBe(messages);
});
