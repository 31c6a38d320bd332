/** Jobs of the worker through client and session, in one process: progress, the answer, cancel, failure. */
import { expect, test } from 'vitest';
import { WorkerClient } from '../../../src/worker/client';
import type { ScanEnd } from '../../../src/worker/protocol';
import type { ByteSource } from '../../../src/source/source';
import { ReadError } from '../../../src/source/source';
import { asyncSource } from '../../fixtures/sources';
import { type StandIn, standInWorker } from '../../fixtures/worker';
import { end, libxcStream, pageData, PV } from '../../fixtures/built/stream';

const IMAGE = libxcStream(PV, [pageData([{ pfn: 0x10, type: 0, fill: 0 }]), end()]);

interface Connected {
  readonly client: WorkerClient;
  readonly worker: StandIn;
  readonly crashes: readonly string[];
}

/** A client whose worker is in the same thread, on a source. */
function connected(source: ByteSource): Connected {
  const worker = standInWorker(() => source);
  const crashes: string[] = [];
  return { client: new WorkerClient(() => worker, { onCrash: (reason) => crashes.push(reason) }), worker, crashes };
}

const scanned = (client: WorkerClient): Promise<ScanEnd> =>
  client.scan(new Blob([]), 'image', { signal: new AbortController().signal, onPart: () => undefined });

/** The same, with the source scanned to its end. */
async function opened(source: ByteSource): Promise<Connected> {
  const made = connected(source);
  await scanned(made.client);
  return made;
}

test('a job answers', async () => {
  const { client } = await opened(asyncSource(IMAGE));
  const result = await client.job('check', {});
  expect(result.verdict).toBe('fails');
});

test('a cancelled job rejects at once, and the worker hears of it', async () => {
  const { client, worker } = await opened(asyncSource(IMAGE));
  const abort = new AbortController();
  const job = client.job('check', {}, { signal: abort.signal });
  abort.abort(new Error('not wanted'));
  await expect(job).rejects.toThrow('not wanted');
  expect(worker.sent.map(({ kind }) => kind)).toEqual(['scan', 'job', 'cancel-job']);
  await expect(client.job('check', {}, { signal: abort.signal })).rejects.toThrow('not wanted');
});

test('a scan that breaks is told of, and what is asked later gets the reason', async () => {
  const read = (): Promise<Uint8Array> => Promise.reject(new RangeError('Array buffer allocation failed'));
  const { client, crashes } = connected({ ...asyncSource(IMAGE), read });
  await expect(scanned(client)).rejects.toThrow('Array buffer allocation failed');
  expect(crashes).toEqual(['Array buffer allocation failed']);
  // Nobody would answer: what is asked from now on gets the reason at once.
  await expect(client.request('totals', {})).rejects.toThrow('Array buffer allocation failed');
  await expect(client.job('check', {})).rejects.toThrow('Array buffer allocation failed');
});

test('a worker that stops by itself is told of once, and what waits for an answer gets the reason', async () => {
  const { client, worker, crashes } = await opened(asyncSource(IMAGE));
  const job = client.job('check', {});
  worker.crash('out of memory');
  worker.crash('out of memory');
  await expect(job).rejects.toThrow('out of memory');
  expect(crashes).toEqual(['out of memory']);
});

test('closing the file ends its jobs and its worker; what is asked of it later is refused', async () => {
  const { client, worker, crashes } = await opened(asyncSource(IMAGE));
  const job = client.job('check', {});
  client.close();
  await expect(job).rejects.toThrow('the file was closed');
  expect(worker.isTerminated).toBe(true);
  await expect(client.request('totals', {})).rejects.toThrow('the file was closed');
  expect(worker.sent.at(-1)?.kind).toBe('job');
  expect(crashes).toEqual([]);
});

test('a failed read ends a job with its reason', async () => {
  const source = asyncSource(IMAGE);
  let broken = false;
  const { client } = await opened({
    ...source,
    read: async (offset, length) => {
      if (broken) throw new ReadError(offset, 'input/output error');
      return source.read(offset, length);
    },
  });
  broken = true;
  await expect(client.job('check', {})).rejects.toThrow('reading at 0x0 failed: input/output error');
});
