/** Export: a page and the core file reach the disk; cancel, refusal, and the image for sharing opened again. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreFrames, crashPages, volatilityPages } from '../fixtures/plain/core';
import { loadAxe, violations } from './axe';
import { drop, launch, open, row, SAMPLE, scanned } from './page';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Place of the test that looks with axe, whose script the page's policy would refuse. */
const AXE = '#v=1';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Export' });

/** Without the picker, which no test can answer: a download, as in Firefox. */
async function opened(hash = '', picker = false) {
  const watched = await open(browser, hash, { bypassCSP: hash === AXE });
  if (!picker) await watched.page.evaluate(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
  await drop(watched.page, SAMPLE);
  await scanned(watched.page);
  return watched;
}

async function downloaded(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page).getByRole('button', { name: 'Download' }).click(),
  ]);
  const bytes = readFileSync(await download.path());
  return { name: download.suggestedFilename(), bytes };
}

test('the selected page is saved from the Memory tab', async () => {
  const { page, faults } = await opened();
  await page.keyboard.press('2');
  await page.getByRole('textbox', { name: 'Go to PFN' }).fill('1a');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Export' }).click();
  await expect.poll(() => dialog(page).getByRole('status').innerText()).toBe('4 096 B'.replace(' ', '\u2009'));
  const { name, bytes } = await downloaded(page);
  expect(name).toBe('micro64-pfn-1a.bin');
  // PFN 0x1a is the root of the page tables: its last entry leads to the L3 table 0x1b.
  expect(bytes.length).toBe(4096);
  expect((bytes.readBigUInt64LE(4088) >> 12n) & 0xfffffn).toBe(0x1bn);
  await dialog(page).getByText('is handed to the browser').waitFor();
  expect(faults).toEqual([]);
});

test('the core file is what crash and Volatility read, and axe finds nothing in the dialog', async () => {
  const { page, faults } = await opened(AXE);
  await loadAxe(page);
  await page.keyboard.press('x');
  await dialog(page).getByText('about 4.0 MiB').waitFor();
  await dialog(page).getByText('crash vmlinux guest.core').waitFor();
  expect(await violations(page)).toEqual([]);
  const { name, bytes } = await downloaded(page);
  expect(name).toBe('micro64.core');
  const pages = crashPages(bytes);
  expect(volatilityPages(bytes)).toEqual(pages);
  // 1020 that are in the image, and four that are not, which keep their places.
  expect(pages.size).toBe(1024);
  expect(coreFrames(bytes).size).toBe(1020);
  await dialog(page).getByText('maps each PFN to itself').waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Export more' }).click();
  await dialog(page).getByRole('checkbox', { name: 'Machine frames of the host' }).check();
  await dialog(page).getByText('about 4.0 MiB').waitFor();
  expect(await violations(page)).toEqual([]);
  const frames = coreFrames((await downloaded(page)).bytes);
  // By xl dump-core PFN 0x1a was in frame 0x13801a of that host.
  expect([frames.size, frames.get(0x1a)]).toEqual([1020, 0x13_801a]);
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog(page).count()).toBe(0);
  expect(faults).toEqual([]);
});

test('with a picker the file is written in place', async () => {
  const { page, faults } = await opened('', true);
  // A file of the page's own stands in for the one that the user would choose.
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    Reflect.set(globalThis, 'showSaveFilePicker', async ({ suggestedName }: { suggestedName: string }) =>
      root.getFileHandle(suggestedName, { create: true }),
    );
  });
  await page.keyboard.press('x');
  await dialog(page).getByText('Guest memory, raw').click();
  await dialog(page).getByRole('button', { name: 'Save…' }).click();
  await dialog(page).getByText('is written').waitFor();
  const size = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    return (await (await root.getFileHandle('micro64.raw')).getFile()).size;
  });
  expect(size).toBe(0x400 * 4096);
  expect(faults).toEqual([]);
});

test('bytes of a record, and a choice that cannot be had says why', async () => {
  const { page } = await opened();
  await row(page, '13').filter({ hasText: 'VCPU_BASIC' }).click();
  await page.getByRole('button', { name: 'Save the body of this record' }).click();
  const { bytes } = await downloaded(page);
  expect(bytes.length).toBe(5176);
  await dialog(page).getByRole('button', { name: 'Export more' }).click();
  await dialog(page).getByText('Selected bytes').click();
  await dialog(page).getByText('Not possible: no bytes are selected').waitFor();
  expect(await dialog(page).getByRole('button', { name: 'Download' }).isDisabled()).toBe(true);
});

test('the image for sharing opens with the same link, and says that it is blanked', async () => {
  const { page } = await opened();
  await page.keyboard.press('x');
  await dialog(page).getByText('Image for sharing').click();
  const { name, bytes } = await downloaded(page);
  expect(name).toBe('micro64-blanked.xlsave');
  await page.keyboard.press('Escape');
  await row(page, '13').filter({ hasText: 'VCPU_BASIC' }).click();
  const link = new URL(page.url()).hash;
  const again = await open(browser, link);
  await drop(again.page, bytes, 'micro64.xlsave');
  await scanned(again.page);
  await again.page.getByText('blanked for sharing').first().waitFor();
  expect(await again.page.getByText('is not the image').count()).toBe(0);
  await again.page.getByRole('tab', { name: /Findings/u }).click();
  await again.page.getByText('what depends on them is not tested').first().waitFor();
});

test('scrubbed registers are not shown as the guest’s, and no verdict is given', async () => {
  const { page } = await opened();
  await page.keyboard.press('x');
  await dialog(page).getByText('Image for sharing').click();
  await dialog(page).getByText('Registers too').click();
  const { bytes } = await downloaded(page);
  const again = await open(browser, AXE, { bypassCSP: true });
  await loadAxe(again.page);
  await drop(again.page, bytes, 'micro64.xlsave');
  await scanned(again.page);
  await again.page.keyboard.press('3');
  await again.page.getByText('these values are not the guest’s').waitFor();
  expect(await violations(again.page)).toEqual([]);
  await again.page.keyboard.press('6');
  const verdict = 'Whether it would restore cannot be told';
  await again.page.getByRole('heading', { name: verdict, exact: true }).waitFor();
});
