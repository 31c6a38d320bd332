/** The page for those who use no mouse, or no eyes: keys alone do the main job, and axe finds nothing on any tab. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byteText, drop, fields, launch, open, SAMPLE, scanned, timeline } from './page';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

async function violations(page: Page): Promise<string[]> {
  const result = await page.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })');
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe is content with every tab (${colorScheme})`, async () => {
    // The test's own script is no part of the page: the page's policy must not keep it out.
    const { page } = await open(browser, '', { colorScheme, bypassCSP: true });
    await page.addScriptTag({ content: AXE });
    expect(await violations(page)).toEqual([]);
    await drop(page, SAMPLE);
    await scanned(page);
    await page.keyboard.press('g');
    await page.keyboard.type('rec:13');
    await page.keyboard.press('Enter');
    for (const name of ['Record', 'Memory', 'CPUs', 'Policy', 'Config', 'Findings']) {
      await page.getByRole('tab', { name }).click();
      await page.waitForTimeout(300);
      expect(await violations(page), name).toEqual([]);
    }
    await page.keyboard.press('?');
    expect(await violations(page), 'keys').toEqual([]);
    await page.context().close();
  });
}

test('keys alone open the sample, walk records, fields and bytes, and go places', async () => {
  const { page, faults } = await open(browser);
  for (let tries = 0; tries < 20; tries++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    if (focused === 'Open the sample') break;
  }
  await page.keyboard.press('Enter');
  await scanned(page);
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'XL_HEADER' }).waitFor();
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'LIBXL_HEADER' }).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('heading', { name: 'XL_HEADER' }).waitFor();

  await page.keyboard.press('l');
  await page.keyboard.press('End');
  await expect.poll(() => timeline(page).locator('[aria-selected=true]').innerText()).toContain('402559');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => timeline(page).locator('[aria-selected=true]').innerText()).toContain('402551');

  await page.keyboard.press('g');
  await page.keyboard.type('rec:5');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'X86_PV_INFO' }).waitFor();
  await page.keyboard.press('b');
  await page.keyboard.press('Control+Home');
  expect(await byteText(page)).toContain('offset 0x379, byte 0x02');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => page.getByRole('contentinfo').innerText()).toContain('2 B selected');
  await fields(page).focus();
  await page.keyboard.press('End');
  await expect.poll(() => fields(page).locator('[aria-selected=true]').innerText()).toContain('reserved');
  await page.keyboard.press('2');
  await page.getByRole('tab', { name: 'Memory', selected: true }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  expect(faults).toEqual([]);
  await page.context().close();
});

test('every list and grid is one stop on the way through the page', async () => {
  const { page } = await open(browser);
  await drop(page, SAMPLE);
  await scanned(page);
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'XL_HEADER' }).waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const stops: string[] = [];
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body
        ? ''
        : `${element?.getAttribute('role') ?? element?.tagName} ${element?.getAttribute('aria-label') ?? element?.textContent?.slice(0, 30)}`;
    });
    if (stop === '' || stops.includes(stop)) break;
    stops.push(stop);
  }
  for (const grid of ['tree Records of the image', 'tree Fields', 'grid Bytes']) {
    expect(
      stops.filter((stop) => stop === grid),
      stops.join('\n'),
    ).toHaveLength(1);
  }
  expect(stops.length).toBeLessThan(40);
  await page.context().close();
});
