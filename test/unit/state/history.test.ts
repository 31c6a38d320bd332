/** Address and state in step: links that wait for their file, back and forward, files that are opened and left. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { goToRecord, showTab } from '../../../src/state/actions';
import { app } from '../../../src/state/app';
import { leaveFile, openFile } from '../../../src/state/files';
import type { OpenFile } from '../../../src/state/open-file';
import { START } from '../../../src/state/place';
import { currentLink, followHistory, readHistory } from '../../../src/state/url/history';
import { assemble, pvParts } from '../../fixtures/built/restorable';
import { ended } from '../../fixtures/opened';
import { standInWorker } from '../../fixtures/worker';

const GUEST = assemble(pvParts());
const SIZE = GUEST.length.toString(16);
const guest = (name = 'guest'): File => new File([Uint8Array.from(GUEST)], name);

/** As much of a browser as the history needs. */
class FakeBrowser {
  readonly location = { hash: '', pathname: '/', search: '' };
  readonly steps: string[] = [];
  readonly history = {
    pushState: (_state: unknown, _title: string, address: string) => this.#go('push', address),
    replaceState: (_state: unknown, _title: string, address: string) => this.#go('replace', address),
  };

  #go(step: string, address: string): void {
    this.location.hash = address.startsWith('#') ? address : '';
    this.steps.push(`${step} ${address}`);
  }
}

let browser: FakeBrowser;
beforeEach(() => {
  browser = new FakeBrowser();
  vi.stubGlobal('location', browser.location);
  vi.stubGlobal('history', browser.history);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
});
afterEach(() => {
  app.getState().file?.dispose();
  app.setState(app.getInitialState(), true);
  vi.unstubAllGlobals();
});

const scanned = async (file: OpenFile): Promise<void> => {
  await ended(file.scan);
  expect(file.phase).toBe('done');
};

test('a file without a link starts at its beginning; the address names it, with its fingerprint once it is known', async () => {
  const file = openFile(guest(), standInWorker);
  expect(browser.steps).toEqual([`replace #v=1&n=guest&s=${SIZE}`]);
  await scanned(file);
  const { fingerprint } = file.imageName;
  expect(browser.location.hash).toBe(`#v=1&n=guest&s=${SIZE}&f=${fingerprint}`);
  goToRecord(file, 13);
  expect(browser.steps.at(-1)).toBe(`push #v=1&n=guest&s=${SIZE}&f=${fingerprint}&r=13`);
  expect(currentLink()).toEqual({ image: { name: 'guest', size: GUEST.length, fingerprint }, place: file.place });
});

test('a link waits for its file, and leads to its place there', async () => {
  browser.location.hash = `#v=1&n=guest&s=${SIZE}&r=13&t=memory&p=a`;
  followHistory();
  expect(app.getState().link).toEqual({
    image: { name: 'guest', size: GUEST.length },
    place: { ...START, record: 13, tab: 'memory', pfn: 10 },
  });
  const file = openFile(guest(), standInWorker);
  expect(file.place).toMatchObject({ record: 13, tab: 'memory', pfn: 10 });
});

test('a link is kept while other files are tried, and forgotten with the image that it asks for', async () => {
  const found = openFile(guest(), standInWorker);
  await scanned(found);
  const { fingerprint } = found.imageName;
  leaveFile();
  browser.location.hash = `#v=1&n=guest&s=${SIZE}&f=${fingerprint}&r=13`;
  readHistory();
  const other = openFile(new File(['no image'], 'other'), standInWorker);
  expect(other.place.record).toBe(13);
  expect(app.getState().link?.image?.fingerprint).toBe(fingerprint);
  const again = openFile(guest('renamed'), standInWorker);
  expect(again.place.record).toBe(13);
  await scanned(again);
  expect(app.getState().link).toBeUndefined();
  expect(again.place.record).toBe(13);
});

test('back and forward move in the open file', async () => {
  const file = openFile(guest(), standInWorker);
  await scanned(file);
  const start = browser.location.hash;
  goToRecord(file, 13);
  showTab(file, 'cpus');
  browser.location.hash = start;
  readHistory();
  expect(file.place).toEqual(START);
  browser.location.hash = '';
  readHistory();
  expect(file.place).toEqual(START);
  expect(app.getState().link).toBeUndefined();
});

test('a link that names another Xen has the open image checked for it', async () => {
  const file = openFile(guest(), standInWorker);
  await ended(file.check);
  expect(file.check.state.state).toBe('done');
  expect(file.check.state.known).toEqual({});
  browser.location.hash += '&x=4.16';
  readHistory();
  expect(file.check.state).toMatchObject({ state: 'running', known: { xen: 416 } });
});

test('links of a later version and broken ones are told apart, and nothing is guessed', () => {
  browser.location.hash = '#v=9&r=3';
  readHistory();
  expect(app.getState().linkProblem).toContain('newer Xenscope (link version 9)');
  browser.location.hash = '#garbage';
  readHistory();
  expect(app.getState().linkProblem).toContain('cannot be read');
  expect(app.getState().link).toBeUndefined();
});

test('a file that was left writes no address any more', async () => {
  const file = openFile(guest(), standInWorker);
  leaveFile();
  expect(app.getState().file).toBeUndefined();
  expect(browser.steps.at(-1)).toBe('push /');
  const { length } = browser.steps;
  showTab(file, 'cpus');
  expect(browser.steps).toHaveLength(length);
});

test('opening a file in place of another ends the first', async () => {
  const first = openFile(guest('first'), standInWorker);
  const second = openFile(guest('second'), standInWorker);
  await expect(first.request('totals', {})).rejects.toThrow('the file was closed');
  await scanned(second);
  expect(app.getState().file).toBe(second);
});
