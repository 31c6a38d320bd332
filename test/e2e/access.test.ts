/** The page for those who use no mouse, or no eyes: keys alone do the main job, and axe finds nothing on any tab. */
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadAxe, THEMES, violations } from './axe';
import { byteText, drop, fields, launch, open, openSample, SAMPLE, scanned, settled, timeline } from './page';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

for (const colorScheme of THEMES) {
  test(`axe is content with every tab (${colorScheme})`, async () => {
    const { page } = await open(browser, '', { colorScheme, bypassCSP: true });
    await loadAxe(page);
    expect(await violations(page)).toEqual([]);
    await drop(page, SAMPLE);
    await scanned(page);
    await page.keyboard.press('g');
    await page.keyboard.type('rec:13');
    await page.keyboard.press('Enter');
    for (const name of ['Record', 'Memory', 'CPUs', 'Policy', 'Config', 'Findings']) {
      await page.getByRole('tab', { name }).click();
      await settled(page);
      expect(await violations(page), name).toEqual([]);
    }
    await page.keyboard.press('?');
    expect(await violations(page), 'keys').toEqual([]);
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
});

test('the buttons of the Record tab name the keys that do the same', async () => {
  const { page } = await openSample(browser);
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'XL_HEADER' }).waitFor();
  const title = (name: string): Promise<string | null> => page.getByRole('button', { name }).getAttribute('title');
  expect(await title('Next record')).toBe('Next record (J)');
  expect(await title('Previous record')).toBe('Previous record (K)');
  expect(await page.getByRole('button', { name: 'Next record' }).getAttribute('aria-keyshortcuts')).toBe('J');
  expect(await page.getByRole('button', { name: /^Record, offset/u }).getAttribute('aria-keyshortcuts')).toBe(
    'Control+K G',
  );
  await page.getByText('Ctrl+K', { exact: true }).waitFor();
});

test('on a Mac keys are named as on a Mac', async () => {
  const { page } = await open(browser);
  await page.addInitScript(() => Object.defineProperty(navigator, 'platform', { value: 'MacIntel' }));
  await page.reload();
  await page.getByText('⌘K', { exact: true }).waitFor();
  await page.keyboard.press('Meta+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  // Other tests have another platform.
  await page.close();
});

test('what is scrolled on a tab is in it, never the tab itself', async () => {
  const { page } = await open(browser, '', { viewport: { width: 1024, height: 700 } });
  await drop(page, SAMPLE);
  await scanned(page);
  for (const name of ['Record', 'Memory', 'CPUs', 'Policy', 'Config', 'Findings']) {
    const tab = page.getByRole('tab', { name });
    await tab.click();
    await settled(page);
    const scrollable = await tab.evaluate((element) => {
      const names: string[] = [];
      for (let around = element.parentElement; around; around = around.parentElement) {
        const scrolls = getComputedStyle(around).overflowY !== 'visible';
        if (scrolls && around.scrollHeight > around.clientHeight) names.push(around.className);
      }
      return names;
    });
    expect(scrollable, name).toEqual([]);
  }
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
});
