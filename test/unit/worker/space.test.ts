/** Virtual memory asked of the worker's session: the map of an address space in parts, and a window on memory. */
import { expect, test } from 'vitest';
import type { FromWorker } from '../../../src/worker/protocol';
import { Session } from '../../../src/worker/session';
import { asyncSource } from '../../fixtures/sources';
import { end, libxcStream, pageData, PV } from '../../fixtures/built/stream';

/** Two L4 tables, empty: of kernel and of user mode. */
const IMAGE = libxcStream(PV, [
  pageData([
    { pfn: 0x10, type: 0xc, fill: 0 },
    { pfn: 0x11, type: 0xc, fill: 0 },
  ]),
  end(),
]);
const REGISTERS = { kind: 'pv64', cr3: 0x10000n, cr1: 0x99001n, inKernel: true } as const;

async function opened(): Promise<{ readonly session: Session; readonly posted: FromWorker[] }> {
  const posted: FromWorker[] = [];
  const session = new Session(asyncSource(IMAGE), (message) => posted.push(message));
  await session.run();
  posted.length = 0;
  return { session, posted };
}

test('the map comes in parts, with the totals at its end', async () => {
  const { session, posted } = await opened();
  await session.job(7, 'space', { registers: REGISTERS });
  const parts = posted.filter(({ kind }) => kind === 'job-part');
  // Nothing is mapped: only the slots 256 to 271 of the top table, which are Xen's.
  expect(parts).toMatchObject([{ id: 7, part: { start: Float64Array.of(2 ** 35), pages: Float64Array.of(2 ** 31) } }]);
  expect(posted.at(-1)).toMatchObject({
    kind: 'reply',
    id: 7,
    output: { ranges: 1, tables: 1, capped: false, cancelled: false },
  });
});

test('the side that is named counts: these user tables are not in the image', async () => {
  const { session, posted } = await opened();
  await session.job(8, 'space', { registers: REGISTERS, side: 'user' });
  expect(posted.at(-1)).toMatchObject({ kind: 'reply', output: { ranges: 2, tables: 0 } });
});

test('a window without memory: the hole with its reason, and nowhere to go on', async () => {
  const { session, posted } = await opened();
  const limits = { start: 0n, end: 0x8000_0000_0000n };
  await session.answer(9, 'window', { registers: REGISTERS, start: 0x1000n, pages: 4, limits });
  expect(posted.at(-1)).toEqual({
    kind: 'reply',
    id: 9,
    output: {
      // The top table is all zeros: nothing up to the end of the lower half.
      extents: [{ at: 0x1000n, length: 0x4000, from: 0n, to: 0x8000_0000_0000n, reason: 'no L4 is present' }],
    },
  });
});
