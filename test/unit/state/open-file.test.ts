/** Open files: scan and check, two at once, disposal while jobs run, a worker that fails. */
import { expect, test } from 'vitest';
import { START } from '../../../src/state/place';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { libxcStream, pageData, PV } from '../../fixtures/built/stream';
import { openedFile, unopened } from '../../fixtures/opened';
import { opened, showView } from '../../../src/ui/cpus/view-state';
import { hover } from '../../../src/ui/record/hover';

const GUEST = assemble(pvParts());
/** A stream that ends in the middle: one page, and no END. */
const CUT = libxcStream(PV, [pageData([{ pfn: 0x10, type: 0, fill: 0x22 }])]);

test('a file is scanned, named by its fingerprint, and checked', async () => {
  const { file, moves } = await openedFile(GUEST);
  expect(file.phase).toBe('done');
  expect(file.records.count).toBe(18);
  expect(file.timeline.rows).toBeGreaterThan(0);
  expect(file.image).toMatchObject({ container: 'xl', guestWidth: 8, maxPfn: 0x3f });
  expect(file.imageName).toMatchObject({ name: 'guest.xlsave', size: GUEST.length });
  expect(file.imageName.fingerprint).toMatch(/^[\da-f]{16}$/u);
  expect(file.check.state).toMatchObject({ state: 'done', out: { verdict: 'ok' } });
  expect(moves).toEqual(['replace']);
});

test('the check is for the Xen that the place names', async () => {
  const { file } = await openedFile(GUEST, { place: { ...START, xen: 416 } });
  expect(file.check.state).toMatchObject({ state: 'done', known: { xen: 416 }, out: { xen: 416 } });
});

test('of a place that a link made for another image, only what this one has is kept', async () => {
  const place = { ...START, record: 4000, range: { start: 8, end: 2 ** 40 }, pfn: 5 };
  const { file } = await openedFile(GUEST, { place });
  expect(file.place).toEqual({ ...START, pfn: 5 });
});

test('a file that is not read is refused, with what helps, and is not checked', async () => {
  const { file } = await openedFile(new TextEncoder().encode('no image at all'.repeat(300)));
  expect(file.phase).toBe('refused');
  expect(file.image.refusal?.title).toBe('This is not a Xen image');
  expect(file.check.state.state).toBe('idle');
});

test('two files are open at once: each answers for itself, and disposing one leaves the other alone', async () => {
  const [one, other] = await Promise.all([openedFile(GUEST, { name: 'one' }), openedFile(CUT, { name: 'other' })]);
  expect([one.file.records.count, other.file.records.count]).toEqual([18, 3]);
  expect(await one.file.request('page', { pfn: 0x10 })).toMatchObject({ state: 'absent' });
  expect(await other.file.request('page', { pfn: 0x10 })).toMatchObject({ state: 'here', record: 2 });

  // Jobs of both run; then the first is disposed.
  const query = { kind: 'hex', text: '22 22' } as const;
  const asked = { text: '22 22', ignoreCase: false, bigEndian: false, scope: 'memory', all: false } as const;
  const ended = one.file.search.start({ asked, query });
  const refused = one.file.request('totals', {});
  const goesOn = other.file.search.start({ asked, query });
  one.file.dispose();
  const { getState } = one.file.search.store;
  await expect(refused).rejects.toThrow('the file was closed');
  expect(await ended).toMatchObject({ state: 'failed', reason: 'the file was closed' });
  expect(one.worker.isTerminated).toBe(true);
  const disposed = getState();

  expect(await goesOn).toMatchObject({ state: 'done', out: { hits: 2048 } });
  expect(other.file.search.state.known.hits).toHaveLength(2048);
  expect(await other.file.request('page', { pfn: 0x10 })).toMatchObject({ state: 'here' });
  // Nothing of the first has arrived meanwhile.
  expect(getState()).toBe(disposed);
  await expect(one.file.request('totals', {})).rejects.toThrow('the file was closed');
});

test('a file that is disposed while it is scanned stays as it was', async () => {
  const { file } = unopened(GUEST);
  const opening = file.open();
  file.dispose();
  await opening;
  expect(file.records.count).toBe(0);
  expect(file.check.state.state).toBe('idle');
});

test('a cancelled scan keeps what it has, and nothing is checked', async () => {
  const { file } = unopened(GUEST);
  const opening = file.open();
  file.scan.cancel();
  await opening;
  expect(file.phase).toBe('cancelled');
  expect(file.check.state.state).toBe('idle');
  expect(file.imageName).toEqual({ name: 'guest.xlsave', size: GUEST.length });
});

test('a worker that fails after the scan: the reason is kept, and questions are refused with it', async () => {
  const { file, worker } = await openedFile(GUEST);
  const { fingerprint } = file.imageName;
  worker.crash('out of memory');
  expect(file.phase).toBe('crashed');
  expect(file.scan.state).toMatchObject({ state: 'failed', reason: 'out of memory' });
  // What was found stays, and so does the name of the image.
  expect(file.scan.state.known.progress.records).toBe(18);
  expect(file.imageName.fingerprint).toBe(fingerprint);
  await expect(file.request('totals', {})).rejects.toThrow('out of memory');
  expect(await file.content.start(undefined)).toMatchObject({ state: 'failed', reason: 'out of memory' });
});

test('a scan whose reads fail ends as crashed, with the reason', async () => {
  const read = (): Promise<Uint8Array> => Promise.reject(new RangeError('Array buffer allocation failed'));
  const { file } = await openedFile(GUEST, { sourceOf: () => ({ name: 'bad', size: GUEST.length, read }) });
  expect(file.phase).toBe('crashed');
  expect(file.scan.state).toMatchObject({ state: 'failed', reason: 'Array buffer allocation failed' });
});

test('two files: each keeps how its vCPUs are looked at, and what the pointer is over', () => {
  const [one, other] = [unopened(GUEST).file, unopened(GUEST).file];
  opened(one, 1);
  showView(one, 'msrs');
  hover(one, { start: 16, end: 24 });
  expect(one.view.getState().vcpus).toEqual({ view: 'msrs', compareWith: 'auto', current: 1, previous: undefined });
  expect(one.pointed.getState()).toEqual({ range: { start: 16, end: 24 } });
  expect(other.view.getState().vcpus).toMatchObject({ view: 'registers', current: undefined });
  expect(other.pointed.getState()).toEqual({ range: undefined });
});
