/**
 * The page map with its layers, and what stands below it. The image is micro64-live: three passes and a verified one.
 * Numbers were counted from its bytes by hand: PFN 0x30 was sent in each pass, with bytes 0x100 and 0x101 changed
 * from one to the next; 247 pages are all zero.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadAxe, THEMES, violations } from './axe';
import { drop, launch, open, SAMPLE, scanned, type Watched } from './page';

const LIVE = gunzipSync(readFileSync(new URL('../fixtures/micro64-live.migr.gz', import.meta.url)));

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function memory(hash = '', options = {}): Promise<Watched> {
  const opened = await open(browser, hash, options);
  await drop(opened.page, LIVE, 'micro64-live.migr');
  await opened.page.getByText('Complete', { exact: true }).waitFor();
  if (hash === '') await opened.page.getByRole('tab', { name: 'Memory' }).click();
  await map(opened.page).waitFor();
  return opened;
}

const map = (page: Page): Locator => page.locator('[role=application][aria-busy=false]');
const layer = (page: Page, name: string): Promise<void> => page.getByRole('radio', { name, exact: true }).click();
const other = (page: Page, name: string) => page.getByRole('combobox', { name: 'Other layers' }).selectOption(name);
const view = (page: Page, name: string): Promise<void> =>
  page.getByRole('toolbar', { name: 'What is shown below the map' }).getByRole('button', { name, exact: true }).click();

/** A row of the legend, with its count. */
const legend = (page: Page, title: string, name: RegExp): Locator =>
  page.getByRole('region', { name: title, exact: true }).getByRole('button', { name });

/** The text of a list's rows. */
const rows = async (list: Locator): Promise<string[]> =>
  (await list.getByRole('option').allInnerTexts()).map((text) => text.replaceAll(/\s+/gu, ' ').trim());

test('zooming to a page, and what is said of it', async () => {
  const { page, faults } = await memory();
  await map(page).focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 4; step++) await page.keyboard.press('+');
  await page.getByText('1 row = 64 KiB').waitFor();
  await map(page).waitFor();
  const box = await map(page).boundingBox();
  if (!box) throw new Error('no map');
  // 16 cells a row: PFNs d, e and f near the end of the first one have no content.
  await page.mouse.move(box.x + box.width * 0.87, box.y + 12);
  await page.getByText('not present (XTAB)', { exact: true }).waitFor();
  await page.getByText('not sent, no content', { exact: true }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.type('pfn:0x1a');
  await page.keyboard.press('Enter');
  const detail = page.getByRole('region', { name: 'PFN 0x1a' });
  await detail.getByText('root of page tables').waitFor();
  expect(await detail.innerText()).toContain('cr3 of vCPU 0, cr3 of vCPU 1');
  await detail.getByText('1 of 512 entries present').waitFor();
  await detail.getByRole('button', { name: '1b L3' }).click();
  await expect.poll(() => page.url()).toContain('p=1b');
  expect(faults).toEqual([]);
});

test('a virtual address typed over the map leads to virtual memory', async () => {
  const { page, faults } = await memory();
  const box = page.getByRole('textbox', { name: 'Go to PFN' });
  await box.fill('0xffffffff80000000');
  await page.getByText('A virtual address, which Enter opens in Virtual').waitFor();
  await box.press('Enter');
  await page.getByRole('radio', { name: 'Virtual', checked: true }).waitFor();
  await expect.poll(() => page.url()).toContain('va=ffffffff80000000');
  expect(faults).toEqual([]);
});

test('the start_info page lists its fields, with ways to where they lead', async () => {
  const { page, faults } = await memory();
  await other(page, 'Role');
  await legend(page, 'Role', /^Start info/u).click();
  const fields = page.getByRole('region', { name: 'PFN 0x17' }).getByRole('region', { name: 'start_info' });
  await fields.getByText('xen-3.0-x86_64').waitFor();
  const texts = (await fields.getByRole('definition').allInnerTexts()).map((text) =>
    text.replaceAll(/\s+/gu, ' ').trim(),
  );
  // nr_pages: 4 MiB of guest.
  expect(texts.slice(0, 2)).toEqual(['xen-3.0-x86_64', '1 024']);
  expect(faults).toEqual([]);
});

test('layers: legend, counts, the next page of a kind, the address', async () => {
  const { page, faults } = await memory();
  await layer(page, 'Sends');
  await expect.poll(() => page.url()).toContain('layer=sends');
  await expect.poll(() => legend(page, 'Times sent', /3 or 4 times/u).innerText()).toContain('42');
  await legend(page, 'Times sent', /^Twice/u).click();
  await expect.poll(() => page.url()).toContain('p=17');
  await other(page, 'Role');
  await expect.poll(() => page.url()).toContain('layer=role');
  await expect
    .poll(() =>
      legend(page, 'Role', /Page table$|Page table\b.*4/u)
        .first()
        .innerText(),
    )
    .toContain('4');
  await other(page, 'Pass');
  await expect.poll(() => legend(page, 'Pass of the last copy', /^Pass 3/u).innerText()).toContain('44');
  await layer(page, 'Type');
  await expect.poll(() => page.url()).not.toContain('layer=');
  expect(faults).toEqual([]);
});

test('the pass over all contents', async () => {
  const { page, faults } = await memory();
  await layer(page, 'Content');
  await page.getByRole('button', { name: 'Read all pages (4.0 MiB)' }).click();
  await page.getByText('All pages have been looked at').waitFor();
  await expect.poll(() => legend(page, 'Content', /All zero/u).innerText()).toContain('247');
  // Nine pages are the same as 0x23, by a comparison of all bytes; 0x27 is the first of them.
  await legend(page, 'Content', /^Copy of another page/u).click();
  const copied = page.getByRole('region', { name: 'PFN 0x27' });
  await copied.getByText('copy of PFN 0x23').waitFor();
  await copied.getByRole('button', { name: 'PFN 0x23' }).click();
  await expect.poll(() => page.url()).toContain('p=23');
  await layer(page, 'Type');
  await expect.poll(() => legend(page, 'Page type', /Ordinary, all zero/u).innerText()).toContain('247');
  expect(faults).toEqual([]);
});

test('a link leads to layer, page and view; two copies of a page are compared', async () => {
  const { page, faults } = await memory('#v=1&n=micro64-live.migr&s=8558b5&t=memory&p=30&layer=pass&view=compare');
  await page.getByRole('region', { name: 'Pass of the last copy' }).waitFor();
  // The last copy before VERIFY and the verified one.
  await page.getByText('The two copies are equal, all 4096 bytes.').waitFor();
  await page.getByRole('combobox', { name: 'Second copy' }).selectOption({ index: 1 });
  await page.getByText('2 bytes of 4096 differ, in 1 row').waitFor();
  const list = page.getByRole('listbox', { name: 'Rows that differ' });
  expect(await list.getByRole('option').count()).toBe(1);
  expect(await list.locator('mark').count()).toBe(4);
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  // Row 0x100 of the copy at 0x40da09.
  await expect.poll(() => page.url()).toContain('b=40db09%2B10');
  expect(faults).toEqual([]);
});

test('passes, the pages sent most, and VERIFY', async () => {
  const { page, faults } = await memory();
  const passes = page.getByRole('listbox', { name: 'Passes' });
  expect(await rows(passes)).toEqual([
    'Pass 1 1 019 of 1 024 4.0 100.0 % —',
    'Pass 2 42 0.2 4.1 % 4.1 %',
    'Pass 3, paused 44 of 48 0.2 4.3 % 114.3 %',
    'Verify pass 1 020 of 1 024 4.0 100.1 % —',
  ]);
  await view(page, 'Verify');
  await page.getByText('No page differs of 1 020 compared').waitFor();
  await view(page, 'Sent most');
  const resent = page.getByRole('listbox', { name: 'Pages sent most often' });
  await resent.getByText('PFN 0x3').first().click();
  await expect.poll(() => page.url()).toContain('p=3');
  await view(page, 'Hex');
  await page.getByRole('listbox', { name: 'Bytes of PFN 0x3' }).getByRole('option').first().waitFor();
  expect(faults).toEqual([]);
});

test.each(THEMES)('the map in %s has nothing that axe finds wrong', async (colorScheme) => {
  const { page } = await memory('', { bypassCSP: true, colorScheme });
  await loadAxe(page);
  await page.keyboard.press('g');
  await page.keyboard.type('pfn:0x1a');
  await page.keyboard.press('Enter');
  for (const name of ['Hex', 'Page table', 'Text', 'Compare', 'Verify', 'Sent most']) {
    await view(page, name);
    expect(await violations(page), name).toEqual([]);
  }
  for (const name of ['Content', 'Findings']) {
    await layer(page, name);
    expect(await violations(page), name).toEqual([]);
  }
});

test('neither choosing a page nor opening it moves the cells of the map, and the page stays in view', async () => {
  const { page, faults } = await open(browser, '', { viewport: { width: 1440, height: 1000 } });
  await drop(page, SAMPLE);
  await scanned(page);
  await page.getByRole('tab', { name: 'Memory' }).click();
  await map(page).waitFor();
  // Rows of 32 pages are those at which all 1024 are in view, but only without an open page below.
  await page.getByText('1 row = 128 KiB').waitFor();
  const box = await map(page).boundingBox();
  if (!box) throw new Error('no map');
  const views = page.getByRole('toolbar', { name: 'What is shown below the map' });
  expect(await views.getByRole('button', { name: 'Hex', exact: true }).isDisabled()).toBe(true);
  await map(page).focus();
  await page.keyboard.press('End');
  await page.getByRole('region', { name: 'PFN 0x3ff' }).waitFor();
  expect(await map(page).boundingBox()).toEqual(box);
  await view(page, 'Hex');
  await page.getByRole('listbox', { name: 'Bytes of PFN 0x3ff' }).waitFor();
  expect(await page.getByText('1 row = 128 KiB').isVisible()).toBe(true);
  // The last row is still there, above what was opened.
  await expect.poll(() => map(page).evaluate((scroller) => scroller.scrollTop)).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Close the page' }).click();
  await expect.poll(() => map(page).evaluate((scroller) => scroller.scrollTop)).toBe(0);
  expect(await map(page).boundingBox()).toEqual(box);
  // Asked for, all pages are fitted to the room beside it.
  await view(page, 'Hex');
  await page.getByRole('button', { name: 'Show all pages' }).click();
  await page.getByText('1 row = 256 KiB').waitFor();
  expect(faults).toEqual([]);
});

test('keys alone: to the map, to a page and its text, to the bytes of that; to those at a virtual address', async () => {
  const { page, faults } = await memory();
  await page.keyboard.press('1');
  await page.keyboard.press('p');
  await expect.poll(() => map(page).evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('ArrowRight');
  await page.getByRole('region', { name: 'PFN 0x0' }).waitFor();
  await view(page, 'Text');
  const text = page.getByRole('listbox', { name: 'Text of PFN 0x0' });
  await text.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  // PFN 0 was sent once, its bytes at 0x28a9: those of the second line of 64.
  await expect.poll(() => page.url()).toContain('&b=28e9%2B40');
  await page.keyboard.press('g');
  await page.keyboard.type('va:0xffffffff80000000');
  await page.keyboard.press('Enter');
  const bytes = page.getByRole('grid', { name: 'Virtual memory' });
  await bytes.waitFor();
  await page.keyboard.press('b');
  expect(await bytes.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('p');
  await expect.poll(() => map(page).evaluate((element) => element === document.activeElement)).toBe(true);
  expect(faults).toEqual([]);
});
