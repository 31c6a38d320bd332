/** Going somewhere that must be looked up first: the last thing that the user does is what counts. */
import { afterEach, expect, test } from 'vitest';
import { goToPageBytes, moveOn, selectPfn, setFilter } from '../../../src/state/actions';
import { app } from '../../../src/state/app';
import { type Arrival, lead } from '../../../src/state/lead';
import type { OpenFile } from '../../../src/state/open-file';
import { moveSymbols } from '../../../src/state/symbols';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { openedFile } from '../../fixtures/opened';

const GUEST = assemble(pvParts());

afterEach(() => app.setState(app.getInitialState(), true));

/** A look-up that is answered, or fails, when the test says so. */
function lookUp(file: OpenFile, pfn: number) {
  let answer = (): void => undefined;
  let fail = (): void => undefined;
  const promise = new Promise<Arrival>((resolve, reject) => {
    answer = () => resolve({ found: true, go: () => selectPfn(file, pfn), notice: `went to ${pfn}` });
    fail = () => reject(new Error('no memory'));
  });
  const ended = lead(
    file,
    () => promise,
    (reason) => ({ found: false, notice: `failed: ${reason}` }),
  );
  return { ended, answer, fail };
}

test('the answer leads there, and tells what there is to tell', async () => {
  const { file } = await openedFile(GUEST);
  const asked = lookUp(file, 3);
  asked.answer();
  expect(await asked.ended).toMatchObject({ found: true });
  expect(file.place).toMatchObject({ pfn: 3, tab: 'memory' });
  expect(app.getState().notice).toBe('went to 3');
});

test('a look-up that fails is told of', async () => {
  const { file } = await openedFile(GUEST);
  const asked = lookUp(file, 3);
  asked.fail();
  expect(await asked.ended).toEqual({ found: false, notice: 'failed: no memory' });
  expect(app.getState().notice).toBe('failed: no memory');
});

test('of two look-ups the later one counts, whichever is answered first', async () => {
  const { file } = await openedFile(GUEST);
  const [first, second] = [lookUp(file, 3), lookUp(file, 4)];
  second.answer();
  expect(await second.ended).toMatchObject({ found: true });
  first.answer();
  expect(await first.ended).toBeUndefined();
  expect(file.place.pfn).toBe(4);

  const [third, fourth] = [lookUp(file, 5), lookUp(file, 6)];
  third.answer();
  expect(await third.ended).toBeUndefined();
  fourth.answer();
  expect(await fourth.ended).toMatchObject({ found: true });
  expect(file.place.pfn).toBe(6);
});

test.each([
  ['a step', (file: OpenFile) => selectPfn(file, 9)],
  ['the keyboard', (file: OpenFile) => moveOn(file, { pfn: 9 })],
])('where %s has led elsewhere meanwhile, neither answer nor failure arrives', async (_, goElsewhere) => {
  const { file } = await openedFile(GUEST);
  const [answered, failed] = [lookUp(file, 3), lookUp(file, 4)];
  goElsewhere(file);
  answered.answer();
  failed.fail();
  expect(await Promise.all([answered.ended, failed.ended])).toEqual([undefined, undefined]);
  expect(file.place.pfn).toBe(9);
  expect(app.getState().notice).toBeUndefined();
});

test('what leads nowhere, such as a filter, leaves a look-up alone', async () => {
  const { file } = await openedFile(GUEST);
  const asked = lookUp(file, 3);
  setFilter(file, 'page');
  asked.answer();
  expect(await asked.ended).toMatchObject({ found: true });
  expect(file.place).toMatchObject({ pfn: 3, filter: 'page' });
});

test('a file that is closed leads nowhere and tells nothing', async () => {
  const { file } = await openedFile(GUEST);
  const shown = goToPageBytes(file, 4);
  const moved = moveSymbols(file, 0x1000n);
  file.dispose();
  expect(await shown).toBe(false);
  await moved;
  expect(file.place.record).toBeUndefined();
  expect(app.getState().notice).toBeUndefined();
});
