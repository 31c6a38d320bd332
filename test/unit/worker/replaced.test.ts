/** A worker that does not answer any more: it is ended, another one takes its place, and what was told before is kept. */
import { expect, test } from 'vitest';
import { OpenFile } from '../../../src/state/open-file';
import type { ByteSource } from '../../../src/source/source';
import { WorkerClient } from '../../../src/worker/client';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { end, libxcStream, pageData, PV } from '../../fixtures/built/stream';
import { ended } from '../../fixtures/opened';
import { asyncSource } from '../../fixtures/sources';
import { type StandIn, standInWorker } from '../../fixtures/worker';

const PATIENCE = { tickMs: 2, ticks: 5, afterCancel: 2 };
const SILENT = 'the worker did not answer for 1 second';
/** Pages in records of their own, more than one read brings. */
const IMAGE = libxcStream(PV, [...[1, 2, 3, 4, 5, 6, 7, 8].map((pfn) => pageData([{ pfn, fill: pfn }])), end()]);

interface Connected {
  readonly client: WorkerClient;
  readonly workers: StandIn[];
  readonly crashes: string[];
  readonly replaced: string[];
}

/** A client, whose workers read what `sourceOf` gives the first, the second, … of them. */
function connected(sourceOf: (index: number) => ByteSource = () => asyncSource(IMAGE)): Connected {
  const workers: StandIn[] = [];
  const crashes: string[] = [];
  const replaced: string[] = [];
  const start = (): StandIn => {
    const source = sourceOf(workers.length);
    const worker = standInWorker(() => source);
    workers.push(worker);
    return worker;
  };
  const client = new WorkerClient(start, {
    onCrash: (reason) => crashes.push(reason),
    onReplaced: (reason) => replaced.push(reason),
    patience: PATIENCE,
  });
  return { client, workers, crashes, replaced };
}

const first = ({ workers }: Connected): StandIn => {
  const [worker] = workers;
  if (!worker) throw new Error('no worker');
  return worker;
};

/** A source whose second read does not end: a part of the scan is told before. */
function halting(): ByteSource {
  let reads = 0;
  return {
    ...asyncSource(IMAGE),
    read: (offset, length) =>
      ++reads > 1 ? new Promise(() => undefined) : Promise.resolve(IMAGE.slice(offset, offset + length)),
  };
}

/** A scan that has told of its first records, and whose worker then hangs. */
async function hungInScan(): Promise<Connected & { readonly cancel: () => void; readonly scan: Promise<unknown> }> {
  const made = connected((index) => (index === 0 ? halting() : asyncSource(IMAGE)));
  const abort = new AbortController();
  let records = 0;
  const onPart = ({ progress }: { readonly progress: { readonly records: number } }): void => {
    records = progress.records;
  };
  const scan = made.client.scan(new Blob([]), 'image', { signal: abort.signal, onPart });
  await expect.poll(() => records).toBe(7);
  first(made).hang();
  return { ...made, cancel: () => abort.abort(), scan };
}

test('in the scan: it ends with the reason, and questions are answered from what was told', async () => {
  const made = await hungInScan();
  expect(await made.scan).toEqual({ stopped: SILENT });
  expect(first(made).isTerminated).toBe(true);
  expect(made.replaced).toEqual([SILENT]);
  expect(made.workers[1]?.sent[0]).toMatchObject({ kind: 'scan', name: 'image', records: 7 });
  // The two headers and five pages; of the sixth page nothing was told.
  expect(await made.client.request('history', { pfn: 5 })).toMatchObject({ mentions: 1, sent: 1 });
  expect(await made.client.request('history', { pfn: 6 })).toMatchObject({ mentions: 0, sent: 0 });
  expect(made.crashes).toEqual([]);
});

test('in a scan that is cancelled: it ends as cancelled scans do, sooner', async () => {
  const made = await hungInScan();
  made.cancel();
  expect(await made.scan).toEqual({});
  expect(made.replaced).toEqual([SILENT]);
});

const scanned = (client: WorkerClient): Promise<unknown> =>
  client.scan(new Blob([]), 'image', { signal: new AbortController().signal, onPart: () => undefined });

test('in a job: what waits gets the reason, what is asked later is answered by another worker', async () => {
  const made = connected();
  await scanned(made.client);
  first(made).hang();
  const job = made.client.job('check', {});
  const request = made.client.request('totals', {});
  await expect(job).rejects.toThrow(SILENT);
  await expect(request).rejects.toThrow(SILENT);
  // The whole file was scanned: so is it once more.
  expect(made.workers[1]?.sent[0]).not.toHaveProperty('records');
  expect(await made.client.request('totals', {})).toMatchObject({ pfns: 8 });
  expect((await made.client.job('check', {})).verdict).toBe('fails');
  expect(made.workers).toHaveLength(2);
});

test('a job that is cancelled while the worker hangs: the worker is replaced sooner', async () => {
  const made = connected();
  await scanned(made.client);
  first(made).hang();
  const abort = new AbortController();
  const job = made.client.job('content', {}, { signal: abort.signal });
  abort.abort(new Error('not wanted'));
  await expect(job).rejects.toThrow('not wanted');
  await expect.poll(() => made.replaced).toEqual([SILENT]);
});

test('one that hangs in taking the place of another is the last', async () => {
  const made = connected();
  await scanned(made.client);
  first(made).hang();
  const job = made.client.job('check', {});
  await expect(job).rejects.toThrow(SILENT);
  made.workers[1]?.hang();
  await expect.poll(() => made.crashes).toEqual([SILENT]);
  await expect(made.client.request('totals', {})).rejects.toThrow(SILENT);
  expect(made.workers[1]?.isTerminated).toBe(true);
});

test('one that only takes long is left alone, and so is one of which nothing is wanted', async () => {
  const made = connected(halting);
  const abort = new AbortController();
  const scan = made.client.scan(new Blob([]), 'image', { signal: abort.signal, onPart: () => undefined });
  const pings = (): number => first(made).sent.filter(({ kind }) => kind === 'ping').length;
  // Each is answered: that is many times what it would be given if it said nothing.
  await expect.poll(pings).toBeGreaterThan(20);
  expect(made.workers).toHaveLength(1);
  made.client.close();
  await expect(scan).rejects.toThrow('the file was closed');
  expect(made.replaced).toEqual([]);
});

test('what an open file had asked of its worker is asked of the other one', async () => {
  const workers: StandIn[] = [];
  const replaced: string[] = [];
  const file = new OpenFile(new File([Uint8Array.from(assemble(pvParts()))], 'guest.xlsave'), {
    startWorker: () => {
      const worker = standInWorker();
      workers.push(worker);
      return worker;
    },
    onReplaced: (_, reason) => replaced.push(reason),
    patience: PATIENCE,
  });
  await file.open();
  await file.content.start(undefined);
  workers[0]?.hang();
  const asked = { text: '22', ignoreCase: false, bigEndian: false, scope: 'memory', all: false } as const;
  const search = await file.search.start({ asked, query: { kind: 'hex', text: '22' } });
  expect(search).toMatchObject({ state: 'failed', reason: SILENT });
  expect(replaced).toEqual([SILENT]);
  expect(file.phase).toBe('done');
  expect(file.records.count).toBe(18);
  // The pass over the contents is offered anew, the check has been made anew.
  expect(file.content.state.state).toBe('idle');
  await ended(file.check);
  expect(file.check.state).toMatchObject({ state: 'done', out: { verdict: 'ok' } });
  expect(workers[1]?.sent.some((message) => message.kind === 'job' && message.name === 'check')).toBe(true);
  file.dispose();
});
