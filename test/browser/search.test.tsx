/** The search panel on a real image: what is guessed, what is refused, hits, and the way from hit to hit. */
import axe from 'axe-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { showTab } from '../../src/state/actions';
import { stepHit } from '../../src/state/hits';
import type { OpenFile } from '../../src/state/open-file';
import { ask, askKind, openSearch } from '../../src/state/search-box';
import { SearchPanel } from '../../src/ui/search/search-panel';
import { openSample, renderFor } from './sample';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

let file: OpenFile;
beforeAll(async () => {
  file = await openSample(1280, 800);
});

beforeEach(async () => {
  showTab(file, 'record');
  askKind(undefined);
  ask({ text: '', ignoreCase: false, bigEndian: false, scope: 'memory', all: false });
  file.search.reset();
  file.view.setState({ hit: -1 });
  openSearch();
  await renderFor(file, <SearchPanel />, { width: 1000, height: 400 });
});

const box = () => page.getByRole('textbox', { name: 'Search for' });
const kind = () => page.getByRole('combobox', { name: 'Search as' });
const options = () =>
  page
    .getByRole('option')
    .elements()
    .filter((option) => option.closest('[role=listbox]'));

test('a text is found; Enter goes from hit to hit and shows the bytes', async () => {
  await box().fill('micropv: ready');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('status')).toHaveTextContent(/^[1-9]\d* hits?$/u);
  expect(options().length).toBeGreaterThan(0);
  const [first] = file.search.state.known.hits;
  expect(first?.page?.pfn).toBeGreaterThanOrEqual(0);
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('status')).toHaveTextContent(/^1 of /u);
  expect(file.place.range).toEqual({ start: first?.offset, end: (first?.offset ?? 0) + 14 });
  expect(file.place.tab).toBe('record');
  const { violations } = await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('with the Memory tab open a hit leads to its page', async () => {
  await box().fill('micropv: ready');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => file.search.state.known.hits.length).toBeGreaterThan(0);
  showTab(file, 'memory');
  stepHit(file, 1);
  expect(file.place).toMatchObject({ tab: 'memory', pfn: file.search.state.known.hits[0]?.page?.pfn });
});

test('the kind is guessed, and can be chosen; what cannot be looked for is refused with the reason', async () => {
  await box().fill('4d 5a ?? 0?');
  await expect.element(kind()).toHaveDisplayValue('Bytes (hex) (guessed)');
  await box().fill('/a+b/');
  await expect.element(kind()).toHaveDisplayValue('Regular expression (guessed)');
  await box().fill('0x1234');
  await expect.element(kind()).toHaveDisplayValue('Integer (guessed)');
  await kind().selectOptions('hex');
  await box().fill('4d 5');
  await expect.element(page.getByText('an odd number of hex digits: two make a byte')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Search', exact: true })).toBeDisabled();
  await expect.element(box()).toHaveAttribute('aria-invalid', 'true');
});

test('hits of the search before are told as such, also where what is typed cannot be looked for', async () => {
  await box().fill('micropv: ready');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('status')).toHaveTextContent(/^[1-9]\d* hits?$/u);
  await box().fill('/mic(/');
  await expect.element(page.getByText('a ( without its )')).toBeVisible();
  await expect.element(page.getByText(/^[1-9]\d* hits? of the last search, micropv: ready$/u)).toBeVisible();
  // Typed again as it was, it is the search that was run: Enter goes to its first hit.
  await box().fill('micropv: ready');
  await expect.element(page.getByText('of the last search')).not.toBeInTheDocument();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('status')).toHaveTextContent(/^1 of /u);
});

test('records name the field that a hit is in', async () => {
  ask({ scope: 'records' });
  await box().fill('"c_info"');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('listbox')).toBeVisible();
  await expect.poll(() => options()[0]?.textContent).toContain('XL_HEADER');
  await expect.poll(() => options()[0]?.textContent).toMatch(/optional_data|config/u);
});

test('where nothing is found, that is said', async () => {
  await box().fill('no such text anywhere');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('heading', { name: 'No hits' })).toBeVisible();
});

test('more hits than are kept end the search, and that is said', async () => {
  ask({ scope: 'file' });
  await kind().selectOptions('hex');
  await box().fill('00');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText(/10.000 hits: the search ended there/u)).toBeVisible();
});
