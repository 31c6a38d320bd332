/** From a value that names memory to its bytes, or to the reason why there are none. */
import { afterEach, expect, test } from 'vitest';
import type { MemoryRef } from '../../../src/format/kit/node';
import { app } from '../../../src/state/app';
import { followField, isMapped } from '../../../src/state/follow';
import { vcpuNumbers, vcpuOf } from '../../../src/state/vcpu-of';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { breakable, openedFile } from '../../fixtures/opened';

const PARTS = pvParts();
const GUEST = assemble(PARTS);
const BASIC = 13;
const before = (name: string): number => {
  const names = Object.keys(PARTS);
  return names.slice(0, names.indexOf(name)).reduce((sum, one) => sum + (PARTS[one]?.length ?? 0), 0);
};
/** The content of the nth page of the list: behind the header, the count and ten entries. */
const page = (index: number): number => before('pages') + 8 + 8 + 10 * 8 + index * 4096;

const field = (ref: MemoryRef, name = 'cr2') => ({ name, offset: before('basic') + 100, leadsTo: ref });

afterEach(() => app.setState(app.getInitialState(), true));

test('a PFN leads to its page', async () => {
  const { file } = await openedFile(GUEST);
  expect(await followField(file, field({ space: 'pfn', at: 3n }))).toMatchObject({ found: true });
  expect(file.place).toMatchObject({ pfn: 3, record: 10, range: { start: page(0), end: page(0) + 4096 } });
});

test('a guest-physical address leads to a word, cut at the end of its page', async () => {
  const { file } = await openedFile(GUEST);
  expect(await followField(file, field({ space: 'gpa', at: 0xaffcn }))).toMatchObject({ found: true });
  expect(file.place).toMatchObject({ pfn: 10, range: { start: page(7) + 0xffc, end: page(7) + 0x1000 } });
});

test('an address goes through the page tables of its vCPU', async () => {
  const { file } = await openedFile(GUEST);
  expect(vcpuNumbers(file)).toEqual([0]);
  expect(await vcpuOf(file, BASIC, before('basic') + 100)).toMatchObject({
    id: 0,
    memory: { registers: { kind: 'pv64', cr3: 0x6000n } },
  });
  expect(await followField(file, field({ space: 'va', at: 0x10n }))).toMatchObject({ found: true });
  expect(file.place).toMatchObject({ pfn: 10, range: { start: page(7) + 0x10, end: page(7) + 0x18 } });
});

test('an address that leads nowhere: the reason, and its walk as far as it goes', async () => {
  const { file } = await openedFile(GUEST);
  expect(await followField(file, field({ space: 'va', at: 0x1000n }))).toMatchObject({ found: false });
  expect(app.getState().notice).toBe('No bytes at address 0x1000: L1 1 is not present');
  expect(file.place).toMatchObject({ tab: 'memory', va: 0x1000n, vcpu: 0 });
});

test('what the image never mentions, and what no value names', async () => {
  const { file } = await openedFile(GUEST);
  expect(await followField(file, field({ space: 'pfn', at: 0x9_9999n }))).toMatchObject({ found: false });
  expect(app.getState().notice).toBe('No bytes at PFN 0x99999: the image never mentions it');
  expect(await followField(file, { name: 'x', offset: 0 })).toBeUndefined();
});

test('whether a value that need not be an address leads to a page', async () => {
  const { file } = await openedFile(GUEST);
  expect(await isMapped(file, field({ space: 'va', at: 0x10n, maybe: true }))).toBe(true);
  expect(await isMapped(file, field({ space: 'va', at: 0x2000n, maybe: true }))).toBe(false);
  expect(await isMapped(file, field({ space: 'pfn', at: 3n }))).toBe(false);
});

test('a read that fails on the way is said', async () => {
  const { source, breaks } = breakable(GUEST);
  const { file } = await openedFile(GUEST, { sourceOf: () => source });
  breaks();
  expect(await followField(file, field({ space: 'va', at: 0x10n }))).toMatchObject({ found: false });
  expect(app.getState().notice).toBe('No bytes at address 0x10: input/output error');
  expect(file.place.tab).toBe('record');
});
