/** Sizes at which browsers cut lists off: the last record, the last byte and the last page must be within reach. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeBigImage, writeManyRecords, writeTebibyte } from '../bench/big-image';
import { byteText, choose, launch, open, scanned, timeline } from './page';

const RECORDS = 10_000_000;

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'xenscope-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const scroller = (page: Page, selector: string, share: number): Promise<void> =>
  page.evaluate(
    ([query, part]) => {
      const element = document.querySelector(query);
      if (element) element.scrollTop = element.scrollHeight * part;
    },
    [selector, share] as const,
  );

test('the last of ten million records is reachable by key, scroll bar and go-to', async () => {
  const path = join(folder, 'many');
  writeManyRecords(path, RECORDS);
  const { page, faults } = await open(browser);
  await choose(page, path);
  await scanned(page);
  await page.getByText('10 000 004 records').first().waitFor();
  const last = timeline(page).getByRole('treeitem').filter({ hasText: '10000003' });

  await timeline(page).focus();
  await page.keyboard.press('End');
  await last.waitFor();
  await page.keyboard.press('Home');
  await expect.poll(() => last.count()).toBe(0);

  await scroller(page, '#timeline', 1);
  await last.waitFor();
  // Within the box: the row is not only made but can be seen.
  const [row, box] = [await last.boundingBox(), await timeline(page).boundingBox()];
  expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0) + 1);
  await scroller(page, '#timeline', 0);
  await expect.poll(() => last.count()).toBe(0);

  await page.keyboard.press('g');
  await page.keyboard.type('rec:10000003');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'END' }).waitFor();
  await last.waitFor();
  expect(faults).toEqual([]);
});

test('the last byte of a file of 1 TiB is reachable by key, scroll bar and go-to', async () => {
  const path = join(folder, 'tib');
  writeTebibyte(path);
  const { page, faults } = await open(browser);
  await choose(page, path);
  await scanned(page);
  await page.keyboard.press('j');
  await page.getByRole('button', { name: 'Whole file' }).click();
  await page.locator('#bytes').focus();
  await page.keyboard.press('Control+End');
  await expect.poll(() => byteText(page)).toContain('offset 0xffffffffff, byte 0xa5');
  await page.keyboard.press('Control+Home');
  await expect.poll(() => byteText(page)).toContain('offset 0x0, byte 0xff');
  await scroller(page, '#bytes', 1);
  const box = await page.locator('#bytes').boundingBox();
  if (!box) throw new Error('no bytes');
  // The last line is at the bottom: its last cell is the last byte.
  await page.mouse.click(box.x + 150, box.y + box.height - 8);
  await expect.poll(() => byteText(page)).toContain('offset 0xfffffffff');
  await page.keyboard.press('g');
  await page.keyboard.type('0xffffffffff');
  await page.keyboard.press('Enter');
  await expect.poll(() => byteText(page)).toContain('offset 0xffffffffff, byte 0xa5');
  expect(faults).toEqual([]);
});

test('the last page of a large guest is on the map, by go-to, key and scroll bar', async () => {
  const path = join(folder, 'guest');
  writeBigImage(path, 64);
  const { page, faults } = await open(browser);
  await choose(page, path);
  await scanned(page);
  await page.getByRole('tab', { name: 'Memory' }).click();
  const panel = page.getByRole('tabpanel');
  await panel.locator('canvas').first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.type('pfn:0xffffff');
  await page.keyboard.press('Enter');
  await expect.poll(() => panel.innerText()).toMatch(/PFN 0xffffff/u);
  await expect.poll(() => panel.innerText()).toContain('ordinary page, sent once');
  const map = panel.getByRole('application');
  await map.focus();
  // Until a page is a cell of its own: the map is then far taller than an element may be.
  for (let step = 0; step < 12; step++) await page.keyboard.press('+');
  await page.keyboard.press('Home');
  await expect.poll(() => panel.innerText()).toMatch(/PFN 0x0\b/u);
  await page.keyboard.press('End');
  await expect.poll(() => panel.innerText()).toMatch(/PFN 0xffffff\b/u);
  await page.keyboard.press('Home');
  await map.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  const box = await map.boundingBox();
  if (!box) throw new Error('no map');
  // The last line is at the bottom, once it is drawn: PFNs that end with that of the guest's last page.
  await expect
    .poll(async () => {
      await page.mouse.click(box.x + box.width * 0.6, box.y + box.height - 12);
      return page.url();
    })
    .toMatch(/p=ffff[\da-f]{2}/u);
  expect(faults).toEqual([]);
});

test('a scan can be cancelled, and keeps what it has found', async () => {
  const path = join(folder, 'cancel');
  // Large enough that the scan is still under way when the button is pressed, however busy the machine is.
  writeBigImage(path, 96);
  const { page } = await open(browser);
  await choose(page, path);
  // The badge is there from the start, and says that it may change.
  await page.getByRole('banner').getByRole('button', { name: 'Scanning so far' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText(/Cancelled at/u).waitFor();
  await page.getByRole('banner').getByRole('button', { name: 'Not scanned to the end' }).waitFor();
  await timeline(page).getByRole('treeitem').first().waitFor();
});

test('a check shows how far it is, can be cancelled and started again, and says what is not known', async () => {
  const path = join(folder, 'check');
  // Seconds of checking: it is still under way when the button is pressed, however busy the machine is.
  writeBigImage(path, 32);
  const { page, faults } = await open(browser);
  const badge = (word: string) => page.getByRole('banner').getByRole('button', { name: word });
  const story = page.getByRole('region', { name: 'The restore, step by step' });
  const share = (): Promise<number> =>
    story.getByRole('progressbar', { name: 'Check' }).evaluate((one: HTMLProgressElement) => one.value);
  await choose(page, path);
  await page.getByRole('tab', { name: 'Findings' }).click();
  await story.getByRole('heading', { name: 'Checking' }).waitFor();
  await badge('Checking so far').waitFor();
  await expect.poll(share).toBeGreaterThan(0);
  const before = await share();
  await expect.poll(share).toBeGreaterThan(before);
  expect(await story.innerText()).toMatch(/\b\d+ %/u);

  // By keys: the focus stays on the button, which now starts it again.
  await story.getByRole('button', { name: 'Cancel' }).focus();
  await page.keyboard.press('Enter');
  await story.getByRole('heading', { name: 'Not checked' }).waitFor();
  expect(await story.getByRole('status').innerText()).toMatch(
    /^The check was cancelled at \d+ %\. Whether the image would restore is not known\.$/u,
  );
  await badge('Not checked').waitFor();
  const again = story.getByRole('button', { name: 'Check again' });
  expect(await again.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(await story.getByRole('progressbar').count()).toBe(0);

  await page.keyboard.press('Enter');
  await story.getByRole('heading', { name: 'Checking' }).waitFor();
  // From its beginning, and for another Xen.
  await page.getByLabel('Version of Xen that restores').selectOption({ label: 'Xen 4.18' });
  // A bare libxc stream is nothing that xl takes.
  await badge('Would fail').waitFor();
  expect(await story.innerText()).toContain('libxc alone on Xen 4.18: no HVM_CONTEXT');
  expect(faults).toEqual([]);
});
