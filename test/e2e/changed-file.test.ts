/** A file that changes under the page: every tab says that it cannot be read, and keeps what it has. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeManyRecords } from '../bench/big-image';
import { choose, launch, open, row, SAMPLE, scanned, type Watched } from './page';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'xenscope-changed-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const pathOf = (): string => join(folder, 'guest.xlsave');
const WAYS: readonly (readonly [string, () => void])[] = [
  ['deleted', () => rmSync(pathOf())],
  ['cut short', () => truncateSync(pathOf(), 100_000)],
  ['written anew, as large as before', () => writeFileSync(pathOf(), new Uint8Array(SAMPLE.length))],
];

const REASON = /the file is no longer there|it changed on disk since it was opened|became shorter/u;

/** The sample, scanned and checked from a file that is then changed. */
async function changed(change: () => void): Promise<Watched> {
  writeFileSync(pathOf(), SAMPLE);
  const watched = await open(browser);
  await choose(watched.page, pathOf());
  await scanned(watched.page);
  await watched.page
    .getByRole('banner')
    .getByText(/would restore/iu)
    .waitFor();
  change();
  return watched;
}

const panel = (page: Page) => page.getByRole('tabpanel');
/** Waits until the panel says why, and returns all that it says. */
async function says(page: Page): Promise<string> {
  await expect.poll(() => panel(page).innerText()).toMatch(REASON);
  return panel(page).innerText();
}

const show = (page: Page, tab: string): Promise<void> => page.getByRole('tab', { name: tab }).click();

async function search(page: Page, scope: string): Promise<string> {
  await page.keyboard.press('Control+f');
  const dock = page.getByRole('region', { name: 'Search' });
  await dock.getByRole('combobox', { name: 'Search in' }).selectOption(scope);
  await dock.getByRole('textbox', { name: 'Search for' }).fill('micropv: ready');
  await dock.getByRole('textbox', { name: 'Search for' }).press('Enter');
  await expect.poll(() => dock.innerText()).toMatch(REASON);
  return dock.innerText();
}

describe.each(WAYS)('%s', (_, change) => {
  test('every tab says why, shows no zeros, and goes on', async () => {
    const { page, faults } = await changed(change);

    await row(page, '13').filter({ hasText: 'VCPU_BASIC' }).click();
    expect(await says(page)).toContain('The record could not be read');
    expect(await page.locator('#byte').innerText()).toContain('byte failed');
    await show(page, 'CPUs');
    expect(await says(page)).not.toContain('0000000000000000');
    await show(page, 'Policy');
    expect(await says(page)).toContain('The policy could not be read');
    await show(page, 'Config');
    expect(await says(page)).toContain('could not be read');
    // What the check has found stays.
    await show(page, 'Findings');
    await panel(page).getByText('No fault found in the image').waitFor();

    await show(page, 'Memory');
    await panel(page).getByText('1 024 PFNs').waitFor();
    await panel(page).getByText('Virtual', { exact: true }).click();
    expect(await says(page)).toContain('The registers of vCPU 0 could not be read');
    await panel(page).getByText('Physical', { exact: true }).click();
    await page.getByRole('textbox', { name: /PFN/u }).first().fill('0x17');
    await page.keyboard.press('Enter');
    await says(page);

    await panel(page).getByText('Content', { exact: true }).click();
    await panel(page)
      .getByRole('button', { name: /Read all pages/u })
      .click();
    await panel(page).getByText('0 of 1 020 pages have been looked at; 1 020 could not be read.').waitFor();
    expect(faults).toEqual([]);
  });

  test('a search says how much it could not read, and not that there are no hits', async () => {
    const { page, faults } = await changed(change);
    for (const scope of ['memory', 'records', 'file']) {
      const text = await search(page, scope);
      expect(text).toContain('could not be read');
      expect(text).not.toContain('No hits');
    }
    expect(faults).toEqual([]);
  });

  test('an export says so, and hands nothing to the browser', async () => {
    const { page, faults } = await changed(change);
    const downloads: string[] = [];
    page.on('download', (download) => downloads.push(download.suggestedFilename()));
    // Without a picker, as in Firefox, an export is a download.
    await page.evaluate(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await page.keyboard.press('x');
    // What a core file needs is read before it is offered.
    await dialog.getByText('Guest as ELF core').click();
    await expect.poll(() => dialog.innerText()).toMatch(REASON);
    await dialog.getByText('Guest memory, raw').click();
    await dialog.getByRole('button', { name: 'Download' }).click();
    await dialog.getByText(/^Not exported, nothing was kept: /u).waitFor();
    expect(await dialog.innerText()).toMatch(REASON);
    expect(downloads).toEqual([]);
    expect(faults).toEqual([]);
  });
});

test('a check that is asked for anew says which read failed', async () => {
  const { page, faults } = await changed(() => rmSync(pathOf()));
  await show(page, 'Findings');
  await panel(page).getByRole('combobox', { name: 'Version of Xen that restores' }).selectOption('416');
  await expect
    .poll(() => panel(page).innerText())
    .toMatch(/The check stopped: reading at 0x.* failed: the file is no longer there/u);
  expect(faults).toEqual([]);
});

test('virtual memory that was shown before: what is looked at next says why', async () => {
  const { page, faults } = await open(browser);
  writeFileSync(pathOf(), SAMPLE);
  await choose(page, pathOf());
  await scanned(page);
  await show(page, 'Memory');
  await panel(page).getByText('Virtual', { exact: true }).click();
  await panel(page).getByText('vCPU').first().waitFor();
  await page.getByRole('region', { name: 'Address space' }).waitFor();
  rmSync(pathOf());
  await page
    .getByRole('textbox', { name: /address/iu })
    .first()
    .fill('0xffffffff80020000');
  await page.keyboard.press('Enter');
  // The tables may still be known, the bytes are not.
  await expect.poll(() => panel(page).innerText()).toMatch(REASON);
  expect(await panel(page).innerText()).not.toContain('byte 0x00');
  expect(faults).toEqual([]);
});

test('a file that is cut short while it is scanned: the scan says where it ended, and keeps what it has', async () => {
  const path = join(folder, 'many');
  writeManyRecords(path, 10_000_000);
  const { page, faults } = await open(browser);
  await choose(page, path);
  await page.getByText('Indexing').waitFor();
  await expect.poll(() => page.locator('footer').innerText()).toMatch(/[1-9]\d{2} records/u);
  truncateSync(path, 1000);
  await page.getByText(/^Stopped at .*: reading at 0x[\da-f]+ failed: /u).waitFor();
  expect(await page.locator('footer').innerText()).toMatch(REASON);
  await page.getByRole('tree', { name: 'Records of the image' }).getByText('VERIFY').first().waitFor();
  await show(page, 'Findings');
  await panel(page).getByText('Not scanned to the end').waitFor();
  await panel(page)
    .getByText(/nothing after this is listed/u)
    .first()
    .waitFor();
  // What is missing may lie behind.
  for (const [tab, text] of [
    ['Memory', 'No pages'],
    ['CPUs', 'No vCPU'],
    ['Policy', 'No CPU policy'],
    ['Config', 'No configuration'],
  ] as const) {
    await show(page, tab);
    await panel(page).getByRole('heading', { name: text }).waitFor();
    expect(await says(page)).toContain('What comes after is not known.');
  }
  expect(faults).toEqual([]);
});
