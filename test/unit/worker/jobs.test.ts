/** Jobs of the worker through client and session, in one process: progress, the answer, cancel, failure. */
import { expect, test } from 'vitest';
import { WorkerClient } from '../../../src/worker/client';
import type { FromWorker, ToWorker } from '../../../src/worker/protocol';
import { Session } from '../../../src/worker/session';
import type { ByteSource } from '../../../src/source/source';
import { ReadError } from '../../../src/source/source';
import { asyncSource } from '../../fixtures/sources';
import { end, libxcStream, pageData, PV } from '../../fixtures/built/stream';

const IMAGE = libxcStream(PV, [pageData([{ pfn: 0x10, type: 0, fill: 0 }]), end()]);

interface Connected {
  readonly client: WorkerClient;
  readonly session: Session;
  readonly sent: readonly ToWorker[];
  readonly crashes: readonly string[];
}

/** A client whose worker is a session on a source, in the same thread. */
function connected(source: ByteSource): Connected {
  let deliver: (message: FromWorker) => void = () => undefined;
  const session = new Session(0, source, (message) => deliver(message));
  const sent: ToWorker[] = [];
  const crashes: string[] = [];
  const client = new WorkerClient(
    {
      postMessage: (message) => {
        sent.push(message);
        if (message.kind === 'job') void session.job(message.id, message.name, message.input);
        if (message.kind === 'cancel-job') session.cancelJob(message.id);
        if (message.kind === 'close') session.close();
      },
      addEventListener: (type: string, listener: (event: never) => void) => {
        if (type === 'message') deliver = (data) => listener({ data } as never);
      },
    },
    { onProgress: () => undefined, onDone: () => undefined, onCrash: (reason) => crashes.push(reason) },
  );
  return { client, session, sent, crashes };
}

/** The same, scanned to its end. */
async function opened(source: ByteSource): Promise<Connected> {
  const made = connected(source);
  await made.session.run();
  return made;
}

test('a job answers', async () => {
  const { client } = await opened(asyncSource(IMAGE));
  const result = await client.job('check', {});
  expect(result.verdict).toBe('fails');
});

test('a cancelled job rejects at once, and the worker hears of it', async () => {
  const { client, sent } = await opened(asyncSource(IMAGE));
  const abort = new AbortController();
  const job = client.job('check', {}, { signal: abort.signal });
  abort.abort(new Error('not wanted'));
  await expect(job).rejects.toThrow('not wanted');
  expect(sent.map(({ kind }) => kind)).toEqual(['job', 'cancel-job']);
  await expect(client.job('check', {}, { signal: abort.signal })).rejects.toThrow('not wanted');
});

test('a scan that breaks is told of, and what waits for an answer gets the reason', async () => {
  const read = (): Promise<Uint8Array> => Promise.reject(new RangeError('Array buffer allocation failed'));
  const { client, session, crashes } = connected({ ...asyncSource(IMAGE), read });
  const asked = client.request('totals', {});
  await Promise.all([expect(asked).rejects.toThrow('Array buffer allocation failed'), session.run()]);
  expect(crashes).toEqual(['Array buffer allocation failed']);
});

test('closing the file ends its jobs', async () => {
  const { client, sent } = await opened(asyncSource(IMAGE));
  const job = client.job('check', {});
  client.close();
  await expect(job).rejects.toThrow('the file was closed');
  expect(sent.at(-1)?.kind).toBe('close');
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
  await expect(client.job('check', {})).rejects.toThrow('a read failed');
});
