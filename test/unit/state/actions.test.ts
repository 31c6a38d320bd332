/** What a person can do to the view of a file: the place that it leads to, and the step it makes in the history. */
import { afterEach, expect, test, vi } from 'vitest';
import {
  chooseFinding,
  endOfRecord,
  goToAddress,
  goToOffset,
  goToPageBytes,
  goToRecord,
  moveOn,
  recordAt,
  selectPfn,
  selectRange,
  selectRecord,
  setFilter,
  showLayer,
  showPageView,
  showPhysical,
} from '../../../src/state/actions';
import { app } from '../../../src/state/app';
import { openFinding, stepFinding } from '../../../src/state/chosen-finding';
import { START } from '../../../src/state/place';
import { assemble, pvParts, type Parts } from '../../fixtures/built/restorable';
import { breakable, openedFile } from '../../fixtures/opened';

const PARTS: Parts = pvParts();
const GUEST = assemble(PARTS);
/** File offset of a part, by the bytes before it. */
function offsetOf(name: string): number {
  const names = Object.keys(PARTS);
  return names.slice(0, names.indexOf(name)).reduce((sum, one) => sum + (PARTS[one]?.length ?? 0), 0);
}

/** Records, by their place in the stream. */
const PAGES = 10;
const TSC = 11;
const BASIC = 13;
const LAST = 17;

afterEach(() => {
  app.setState(app.getInitialState(), true);
  vi.useRealTimers();
});

test('a record is selected without bytes and field, once', async () => {
  const { file, moves } = await openedFile(GUEST);
  selectRange(file, { start: 0x20, end: 0x24 }, '1.2');
  selectRecord(file, BASIC);
  expect(file.place).toEqual({ ...START, record: BASIC });
  expect(file.view.getState().fieldPath).toBeUndefined();
  const before = moves.length;
  selectRecord(file, BASIC);
  expect(moves).toHaveLength(before);
  expect(moves.slice(-2)).toEqual(['replace', 'push']);
});

test('over the whole file the selected bytes choose the record; over a record they leave it', async () => {
  const { file } = await openedFile(GUEST);
  goToRecord(file, 0);
  const start = offsetOf('tsc') + 8;
  selectRange(file, { start, end: start + 4 });
  expect(file.place.record).toBe(0);
  goToOffset(file, start, 4);
  expect(file.place).toMatchObject({ record: TSC, range: { start, end: start + 4 }, hexScope: 'record' });
  file.view.setState({ place: { ...file.place, hexScope: 'file' } });
  selectRange(file, { start: 0, end: 1 });
  expect(file.place).toMatchObject({ record: 0, range: { start: 0, end: 1 } });
  selectRange(file, undefined);
  expect(file.place.range).toBeUndefined();
});

test('which record holds an offset, and where it ends with its padding', async () => {
  const { file } = await openedFile(GUEST);
  expect(recordAt(file, offsetOf('tsc'))).toBe(TSC);
  expect(recordAt(file, offsetOf('tsc') - 1)).toBe(PAGES);
  expect(endOfRecord(file, TSC)).toBe(offsetOf('shared'));
  expect(endOfRecord(file, LAST)).toBe(GUEST.length);
});

test('a jump is told even where the place stays', async () => {
  const { file } = await openedFile(GUEST);
  goToRecord(file, BASIC);
  const { jumps } = file.view.getState();
  goToRecord(file, BASIC);
  expect(file.view.getState().jumps).toBe(jumps + 1);
});

test('memory: a page, an address, and back to the map', async () => {
  const { file, moves } = await openedFile(GUEST);
  goToAddress(file, 0x1000n, 0);
  expect(file.place).toMatchObject({ tab: 'memory', va: 0x1000n, vcpu: 0 });
  showPhysical(file);
  expect(file.place).toEqual({ ...START, tab: 'memory', vcpu: 0 });
  selectPfn(file, 10);
  expect(file.place).toEqual({ ...START, tab: 'memory', vcpu: 0, pfn: 10 });
  expect(moves.slice(-3)).toEqual(['push', 'push', 'push']);
});

test('layer, page view and filter replace the step; what is the default is not named', async () => {
  const { file, moves } = await openedFile(GUEST);
  showLayer(file, 'sends');
  showPageView(file, 'hex');
  setFilter(file, 'page');
  expect(file.place).toEqual({ ...START, layer: 'sends', pageView: 'hex', filter: 'page' });
  showLayer(file, 'type');
  showPageView(file, undefined);
  setFilter(file, '');
  expect(file.place).toEqual(START);
  expect(new Set(moves)).toEqual(new Set(['replace']));
});

test('the bytes of a page are those that a restore would store', async () => {
  const { file } = await openedFile(GUEST);
  expect(await goToPageBytes(file, 4)).toBe(true);
  // Behind the header, the count and ten entries; the second page of the list.
  const start = offsetOf('pages') + 8 + 8 + 10 * 8 + 4096;
  expect(file.place).toMatchObject({ record: PAGES, pfn: 4, range: { start, end: start + 4096 }, tab: 'record' });
});

test('a page without bytes, and a worker that does not answer, are told of', async () => {
  const { file, worker } = await openedFile(GUEST);
  expect(await goToPageBytes(file, 0x20)).toBe(false);
  expect(app.getState().notice).toBe('The image has no bytes for PFN 0x20');
  worker.crash('out of memory');
  expect(await goToPageBytes(file, 4)).toBe(false);
  expect(app.getState().notice).toBe('The bytes of PFN 0x4 could not be looked up: out of memory');
});

test('many moves in a row name the address once, when they have settled', async () => {
  const { file, moves } = await openedFile(GUEST);
  const before = moves.length;
  vi.useFakeTimers();
  for (let pfn = 0; pfn < 5; pfn++) moveOn(file, { pfn });
  expect(file.place.pfn).toBe(4);
  expect(moves).toHaveLength(before);
  vi.runAllTimers();
  expect(moves.slice(before)).toEqual(['replace']);
});

test('findings: the one that stops the restore is open, and stepping goes round', async () => {
  // No X86_TSC_INFO of a known mode, and a record of a type that is not known.
  const tsc = Uint8Array.from(PARTS['tsc'] ?? []);
  tsc[0] = 0x55;
  const { file } = await openedFile(assemble({ ...PARTS, tsc }));
  const { check } = file;
  if (check.state.state !== 'done') throw new Error('the check is done');
  const { findings, first } = check.state.out;
  expect(first?.offset).toBe(offsetOf('tsc'));
  const at = openFinding(file);
  expect(findings[at]).toMatchObject({ id: first?.id, offset: offsetOf('tsc') });
  chooseFinding(file, at);
  expect(file.place).toMatchObject({ record: TSC, finding: { key: first?.key, offset: offsetOf('tsc') } });
  stepFinding(file, 1);
  expect(file.view.getState().finding).toBe((at + 1) % findings.length);
  stepFinding(file, -1);
  expect(openFinding(file)).toBe(at);
  // A link of old names the rule by its id.
  const linked = (key: string): void =>
    file.view.setState(({ place }) => ({
      finding: undefined,
      place: { ...place, finding: { key, offset: offsetOf('tsc') } },
    }));
  linked(first?.id ?? '');
  expect(findings[openFinding(file)]).toMatchObject({ key: first?.key, offset: offsetOf('tsc') });
});

test('a failed read of the worker is told where the page was asked for', async () => {
  const { source, breaks } = breakable(GUEST);
  const { file } = await openedFile(GUEST, { sourceOf: () => source });
  breaks();
  await expect(file.request('translate', { registers: REGISTERS, va: 0n })).rejects.toThrow('input/output error');
});
const REGISTERS = { kind: 'pv64', cr3: 0x6000n, cr1: 0n, inKernel: true } as const;
