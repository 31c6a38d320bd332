/** Questions about memory to the worker's session: answers, and errors that cross. */
import { expect, test } from 'vitest';
import type { FromWorker, RequestName, Requests } from '../../../src/worker/protocol';
import { Session } from '../../../src/worker/session';
import type { ByteSource } from '../../../src/source/source';
import { ReadError } from '../../../src/source/source';
import { asyncSource } from '../../fixtures/sources';
import {
  end,
  HVM,
  hvmContext,
  hvmCpuEntry,
  hvmEnd,
  hvmHeaderEntry,
  libxcStream,
  pageData,
  PV,
} from '../../fixtures/built/stream';

const IMAGE = libxcStream(PV, [pageData([{ pfn: 0x10, type: 0xc, fill: 0 }]), end()]);

async function ask<N extends RequestName>(source: ByteSource, name: N, input: Requests[N]['in']): Promise<FromWorker> {
  const posted: FromWorker[] = [];
  const session = new Session(source, (message) => posted.push(message));
  await session.run();
  await session.answer(7, name, input);
  const last = posted.at(-1);
  if (!last) throw new Error('nothing was posted');
  return last;
}

const VA = { registers: { kind: 'pv64', cr3: 0x10000n, cr1: 0n, inKernel: true }, va: 0x1000n } as const;

test('a page, and a translation', async () => {
  expect(await ask(asyncSource(IMAGE), 'page', { pfn: 0x10 })).toMatchObject({
    kind: 'reply',
    id: 7,
    output: { state: 'here', type: 0xc },
  });
  expect(await ask(asyncSource(IMAGE), 'translate', VA)).toMatchObject({
    kind: 'reply',
    output: { failure: { why: 'not-present', level: 'L4' } },
  });
});

test('records of the first read are posted before the second is answered', async () => {
  // Three pages: more than the first read brings, so that another one is waited for.
  const bytes = libxcStream(
    PV,
    [1, 2, 3].map((pfn) => pageData([{ pfn, fill: pfn }])),
  );
  const posted: FromWorker[] = [];
  let reads = 0;
  let answer: () => void = () => undefined;
  const source: ByteSource = {
    ...asyncSource(bytes),
    read: async (offset, length) => {
      reads++;
      if (reads > 1) await new Promise<void>((resolve) => (answer = resolve));
      return bytes.slice(offset, offset + length);
    },
  };
  const session = new Session(source, (message) => posted.push(message));
  const scan = session.run();
  await expect.poll(() => reads).toBe(2);
  const [first] = posted;
  if (first?.kind !== 'scan-part') throw new Error('nothing was posted');
  // The two headers of libxc at least, and a page.
  expect(first.part.progress.records).toBeGreaterThanOrEqual(3);
  source.read = async (offset: number, length: number) => bytes.slice(offset, offset + length);
  answer();
  await scan;
});

test('a failed read crosses as an error', async () => {
  let isScanned = false;
  const source: ByteSource = {
    ...asyncSource(IMAGE),
    read: async (offset, length) => {
      // Only walks read whole pages here.
      if (length === 4096) isScanned = true;
      if (isScanned) throw new ReadError(offset, 'input/output error');
      return IMAGE.slice(offset, offset + length);
    },
  };
  expect(await ask(source, 'translate', VA)).toEqual({
    kind: 'failed',
    id: 7,
    message: 'input/output error',
  });
});

const ROOTED = libxcStream(HVM, [
  pageData([{ pfn: 0, fill: 0 }]),
  hvmContext([hvmHeaderEntry(), hvmCpuEntry(0), hvmEnd()]),
  end(),
]);

test('roles are looked for again where a read failed', async () => {
  let fails = false;
  const source: ByteSource = {
    ...asyncSource(ROOTED),
    read: async (offset, length) => {
      if (fails) throw new ReadError(offset, 'input/output error');
      return ROOTED.slice(offset, offset + length);
    },
  };
  const posted: FromWorker[] = [];
  const session = new Session(source, (message) => posted.push(message));
  await session.run();
  fails = true;
  await session.job(7, 'roles', {});
  expect(posted.at(-1)).toMatchObject({ kind: 'failed', message: 'input/output error' });
  fails = false;
  await session.job(8, 'roles', {});
  // Header, domain, pages, context, end.
  expect(posted.at(-1)).toMatchObject({ kind: 'reply', id: 8, output: { records: 5 } });
  await session.answer(9, 'roles', { pfn: 0 });
  expect(posted.at(-1)).toMatchObject({ kind: 'reply', output: [{ pfn: 0, role: 'root' }] });
});

test('cells and counts of roles are those that were found', async () => {
  const posted: FromWorker[] = [];
  const session = new Session(asyncSource(ROOTED), (message) => posted.push(message));
  await session.run();
  await session.answer(6, 'roles', { pfn: 0 });
  expect(posted.at(-1)).toMatchObject({ kind: 'reply', output: [] });
  await session.job(7, 'roles', {});
  await session.answer(8, 'counts', { layer: 'role' });
  // State 0 is the root of page tables.
  expect(posted.at(-1)).toMatchObject({ output: { counts: expect.objectContaining({ 0: 1 }) as unknown } });
  await session.answer(9, 'map', { layer: 'role', start: 0, perCell: 1, cells: 1 });
  expect(posted.at(-1)).toMatchObject({ output: { state: Uint8Array.of(0) } });
});

test('a search for roles that is cancelled leaves those that were found before', async () => {
  const posted: FromWorker[] = [];
  const session = new Session(asyncSource(ROOTED), (message) => posted.push(message));
  await session.run();
  const cancelled = session.job(7, 'roles', {});
  session.cancelJob(7);
  await cancelled;
  await session.answer(8, 'roles', { pfn: 0 });
  expect(posted.at(-1)).toMatchObject({ kind: 'reply', id: 8, output: [] });
});
