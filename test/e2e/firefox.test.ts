/** Smoke test in Firefox: it caps the height of elements far lower than Chromium, and drops what is taller. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { writeBigImage, writeManyRecords, writeTebibyte } from '../bench/big-image';
import { SAMPLE } from './page';

const RECORDS = 10_000_000;

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true });
  folder = mkdtempSync(join(tmpdir(), 'xenscope-firefox-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function openWith(path: string): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(inject('address'));
  const input = (await page.waitForSelector('#file-input')) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(path);
  await shows(page, 'footer', 'Complete');
  return { page, faults };
}

const textOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate((query) => document.querySelector(query)?.textContent ?? '', selector);

/** Waits until the text of an element holds `text`. */
const shows = (page: Page, selector: string, text: string): Promise<unknown> =>
  expect.poll(() => textOf(page, selector), { interval: 100 }).toContain(text);

test('Firefox opens a real image and shows records, fields and bytes', async () => {
  const path = join(folder, 'micro64.xlsave');
  writeFileSync(path, SAMPLE);
  const { page, faults } = await openWith(path);
  await shows(page, '#timeline', 'XL_HEADER');
  await page.keyboard.press('g');
  await page.keyboard.type('rec:13');
  await page.keyboard.press('Enter');
  await shows(page, '[aria-label=Fields]', 'ffffffff800003aa');
  await shows(page, '#byte', 'offset 0x3ff8b1, byte 0x04');
  expect(faults).toEqual([]);
  await page.close();
});

test('Firefox disassembles in the worker', async () => {
  const path = join(folder, 'micro64-code.xlsave');
  writeFileSync(path, SAMPLE);
  const { page, faults } = await openWith(path);
  await page.keyboard.press('3');
  await shows(page, '[aria-label=Code]', 'pop r11');
  await shows(page, '[aria-label="Call trace"]', 'ffffffff80001d5b');
  expect(faults).toEqual([]);
  await page.close();
});

test('Firefox reaches the last of ten million records', async () => {
  const path = join(folder, 'many');
  writeManyRecords(path, RECORDS);
  const { page, faults } = await openWith(path);
  await page.focus('#timeline');
  await page.keyboard.press('End');
  await shows(page, '#timeline', '10000003');
  await page.evaluate(() => {
    const list = document.querySelector('#timeline');
    if (list) list.scrollTop = 0;
  });
  await shows(page, '#timeline', 'IMAGE_HEADER');
  await page.evaluate(() => {
    const list = document.querySelector('#timeline');
    if (list) list.scrollTop = list.scrollHeight;
  });
  await shows(page, '#timeline', '10000003');
  expect(faults).toEqual([]);
  await page.close();
});

test('Firefox reaches the last byte of a file of 1 TiB', async () => {
  const path = join(folder, 'tib');
  writeTebibyte(path);
  const { page, faults } = await openWith(path);
  await page.keyboard.press('j');
  await page.waitForSelector('::-p-text(Whole file)');
  await page.click('::-p-text(Whole file)');
  await page.focus('#bytes');
  await page.keyboard.down('Control');
  await page.keyboard.press('End');
  await page.keyboard.up('Control');
  await shows(page, '#byte', 'offset 0xffffffffff, byte 0xa5');
  expect(faults).toEqual([]);
  await page.close();
});

test('Firefox reaches the last page of a guest of 64 GiB on the map', async () => {
  const path = join(folder, 'guest');
  writeBigImage(path, 64);
  const { page, faults } = await openWith(path);
  await page.keyboard.press('2');
  await page.waitForSelector('[aria-roledescription="page map"]');
  await page.focus('[aria-roledescription="page map"]');
  // Until a page is a cell of its own: the map is then far taller than Firefox lays out.
  for (let step = 0; step < 12; step++) await page.keyboard.press('+');
  await page.keyboard.press('End');
  await shows(page, '[role=tabpanel][data-state=active]', 'PFN 0xffffff');
  expect(faults).toEqual([]);
  await page.close();
});
