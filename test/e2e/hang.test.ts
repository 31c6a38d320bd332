/** A worker that is caught in a loop: the page goes on, and what is asked of it afterwards is answered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeManyRecords } from '../bench/big-image';
import { choose, drop, launch, open, openSample, SAMPLE, scanned } from './page';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'xenscope-hang-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Sends the file's worker into a loop that nothing ends, and returns once it is in it. */
async function hang(page: Page): Promise<void> {
  const worker = page.workers().at(-1);
  if (!worker) throw new Error('no worker');
  await worker.evaluate('setTimeout(() => { for (;;); }, 0); 0');
}

/** A scan of ten million records that is on its way. */
async function scanning(): Promise<Page> {
  const path = join(folder, 'many');
  writeManyRecords(path, 10_000_000);
  const { page } = await open(browser);
  await choose(page, path);
  await page.getByText('Indexing').waitFor();
  await expect.poll(() => page.locator('footer').innerText()).toMatch(/[1-9]\d{2} records/u);
  return page;
}

const status = (page: Page): Promise<string> => page.locator('footer').innerText();

test('Cancel ends a scan whose worker hangs; what was found stays, and so do answers', async () => {
  const page = await scanning();
  await hang(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText(/^Cancelled at /u).waitFor();
  expect(await status(page)).toMatch(/[1-9]\d* records/u);
  await page.getByRole('tree', { name: 'Records of the image' }).getByText('VERIFY').first().waitFor();
});

test('a scan whose worker hangs ends by itself, and says why', async () => {
  const page = await scanning();
  await hang(page);
  await page.getByText(/^Stopped at .*: the worker did not answer for 20 seconds$/u).waitFor();
  await page.getByRole('tree', { name: 'Records of the image' }).getByText('VERIFY').first().waitFor();
});

test('another file is scanned at once', async () => {
  const page = await scanning();
  await hang(page);
  await drop(page, SAMPLE);
  await page.getByText('micro64.xlsave').first().waitFor();
  await scanned(page);
  expect(await status(page)).toContain('21 records');
});

test('a question that finds the worker hanging says so; asked again it is answered', async () => {
  const { page, faults } = await openSample(browser);
  await page
    .getByRole('banner')
    .getByText(/would restore/iu)
    .waitFor();
  await hang(page);
  await page.getByRole('tab', { name: 'Memory' }).click();
  await page.getByText('the worker did not answer for 20 seconds').first().waitFor();
  // The worker that has taken the place of the first was asked for the check anew.
  await page.getByRole('tab', { name: 'Findings' }).click();
  await page.getByText('No fault found in the image').first().waitFor();
  await page.getByRole('tab', { name: 'Memory' }).click();
  await page.getByRole('tabpanel').getByRole('button', { name: 'Try again' }).first().click();
  await expect.poll(() => page.getByRole('tabpanel').innerText()).not.toContain('did not answer');
  expect(faults).toEqual([]);
});
