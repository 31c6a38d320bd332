/** The page map of a guest of 1 TiB that was migrated alive: first paint, pan, zoom. */
import { chromium, type Page } from 'playwright';
import { serveBuild } from '../preview';
import { CHROMIUM } from '../chromium';
import { longest, type Row, scrollRate, WATCH } from './browser';

const MAP = '[role=tabpanel] [role=application]';

/** Until nothing in view is on its way. */
const settled = (page: Page): Promise<unknown> => page.locator(`${MAP}[aria-busy=false]`).waitFor({ timeout: 60_000 });

/** Milliseconds from choosing something to the map's first and last cells on the screen. */
const paint = (page: Page, act: string): Promise<[first: number, whole: number]> =>
  page.evaluate<[number, number]>(`new Promise((resolve) => {
    const started = performance.now();
    let first = 0;
    ${act};
    const look = () => {
      const map = document.querySelector('${MAP}');
      const canvas = map?.querySelector('canvas');
      if (first === 0 && canvas && canvas.width > 0) {
        const [x, y] = [Math.floor(canvas.width / 2), 4];
        if (canvas.getContext('2d').getImageData(x, y, 1, 1).data[3] > 0) first = performance.now() - started;
      }
      if (first > 0 && map?.getAttribute('aria-busy') === 'false') resolve([first, performance.now() - started]);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);

export async function measureMap(image: string): Promise<Row[]> {
  const server = await serveBuild();
  const browser = await chromium.launch(CHROMIUM);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(WATCH);
    await page.goto(server.url);
    await page.setInputFiles('#file-input', image);
    await page.getByText('Complete', { exact: true }).waitFor({ timeout: 600_000 });
    const rows: Row[] = [];
    await longest(page);
    const tab = `[...document.querySelectorAll('[role=tab]')].find((tab) => tab.textContent === 'Memory')`;
    const [first, whole] = await paint(page, `${tab}.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))`);
    rows.push([
      'map of 1 TiB, live: first paint after the scan',
      `${first.toFixed(0)} ms, all of it ${whole.toFixed(0)} ms`,
      '≤ 1 s',
    ]);
    const map = page.locator(MAP);
    await map.focus();
    rows.push([
      'zooming the map of 1 TiB in and out',
      await scrollRate(page, MAP, (turn) => page.keyboard.press(turn % 12 < 6 ? '+' : '-')),
      '60 fps: 16.7 ms',
    ]);
    await page.keyboard.press('0');
    for (const [steps, what] of [
      [3, '256 pages a cell'],
      [4, 'a page a cell'],
    ] as const) {
      for (let step = 0; step < steps; step++) await page.keyboard.press('+');
      await settled(page);
      rows.push([`panning the map of 1 TiB, ${what}`, await scrollRate(page, MAP), '60 fps: 16.7 ms']);
    }
    await page.keyboard.press('0');
    await settled(page);
    const [, layer] = await paint(page, `document.querySelector('[role=radio][title*="How often"]').click()`);
    const task = await longest(page);
    rows.push(['another layer of the map of 1 TiB', `${layer.toFixed(0)} ms`, '—']);
    rows.push(['longest task of the page meanwhile', task === 0 ? 'none over 50 ms' : `${task.toFixed(0)} ms`, '—']);
    return rows;
  } finally {
    await browser.close();
    await server.close();
  }
}
