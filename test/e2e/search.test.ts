/** From a search to the bytes, by keyboard and by mouse, on a real image. */
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadAxe, violations } from './axe';
import { byteText, drop, launch, open, SAMPLE, scanned } from './page';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const TEXT = 'micropv: ready';
/** Where the file has it, by plain search. */
const places: number[] = [];
for (let at = SAMPLE.indexOf(TEXT); at >= 0; at = SAMPLE.indexOf(TEXT, at + TEXT.length)) places.push(at);
const hex = (value: number | undefined): string => (value ?? 0).toString(16);

test('a search leads to the bytes, from hit to hit, and to the page', async () => {
  const { page, faults } = await open(browser, '', { bypassCSP: true });
  await loadAxe(page);
  await drop(page, SAMPLE);
  await scanned(page);
  await page.keyboard.press('Control+f');
  const box = page.getByRole('textbox', { name: 'Search for' });
  await box.waitFor();
  await page.keyboard.type(TEXT);
  await page.keyboard.press('Enter');
  const hits = page.getByRole('listbox', { name: /hits?$/u }).getByRole('option');
  await hits.first().waitFor();
  expect(await hits.count()).toBe(places.length);
  await page.keyboard.press('Enter');
  expect(await byteText(page)).toContain(`offset 0x${hex(places[0])}`);
  expect(page.url()).toContain(`b=${hex(places[0])}%2B${hex(TEXT.length)}`);
  expect(await violations(page)).toEqual([]);

  // The last one with the mouse; from there F3 goes round to the first.
  await hits.last().click();
  await expect.poll(() => page.url()).toContain(`b=${hex(places.at(-1))}%2B`);
  await page.keyboard.press('F3');
  await expect.poll(() => page.url()).toContain(`b=${hex(places[0])}%2B`);

  // In the Memory tab the same key goes to the page.
  await page.keyboard.press('2');
  await page.keyboard.press('F3');
  await expect.poll(() => page.url()).toMatch(/t=memory.*p=/u);

  await box.focus();
  await page.keyboard.press('Escape');
  await box.waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

test('the letters right behind the key that opens the search are in its box, and Enter looks for them', async () => {
  const { page, faults } = await open(browser);
  await drop(page, SAMPLE);
  await scanned(page);
  await page.keyboard.press('s');
  await page.keyboard.type(TEXT);
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: /hits?$/u }).waitFor();
  // The box has the focus, and the cursor behind what was typed.
  await page.keyboard.type('!');
  expect(await page.getByRole('textbox', { name: 'Search for' }).inputValue()).toBe(`${TEXT}!`);
  expect(faults).toEqual([]);
});
