/** The budgets that only a browser can show: painting, scrolling, reading a File. */
import { chromium, type Page } from 'playwright';
import { serveBuild } from '../preview';
import { CHROMIUM } from '../chromium';

export type Row = [what: string, measured: string, budget: string];

/** Bytes per millisecond of reading part of the chosen file through, in the page, 16 MiB at a time. */
const readThrough = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const file = (globalThis as { benchFile?: File }).benchFile;
    if (!file) return 0;
    const [block, total] = [16 * 2 ** 20, 2 * 2 ** 30];
    let best = 0;
    for (let round = 0; round < 2; round++) {
      const started = performance.now();
      for (let at = 0; at < total; at += block) await file.slice(2 ** 30 + at, 2 ** 30 + at + block).arrayBuffer();
      best = Math.max(best, total / (performance.now() - started));
    }
    return best;
  });

/** Bytes per millisecond of a search of memory, as the page shows it after so long. */
async function searchRate(page: Page): Promise<number> {
  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Search for' }).fill('Nothing has this text in it');
  await page.keyboard.press('Enter');
  const started = performance.now();
  await page.waitForTimeout(10_000);
  const text = await page.getByRole('region', { name: 'Search' }).innerText();
  const elapsed = performance.now() - started;
  const [, amount = '0', unit] = /([\d.]+) (MiB|GiB) of /u.exec(text) ?? [];
  await page.getByRole('button', { name: 'Close the search' }).click();
  return (Number(amount) * (unit === 'GiB' ? 2 ** 30 : 2 ** 20)) / elapsed;
}

/** Notes when a file is chosen, when its first row is painted, and every task longer than 50 ms. */
export const WATCH = `
  addEventListener('change', (event) => {
    if (event.target.type !== 'file') return;
    globalThis.benchFile = event.target.files[0];
    globalThis.benchChosen = performance.now();
    const look = () => {
      if (document.querySelector('#timeline [role=treeitem]')) requestAnimationFrame(() => setTimeout(() => { globalThis.benchPainted = performance.now(); }));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
  new MutationObserver(() => {
    const said = document.querySelector('header')?.textContent ?? '';
    if (said.includes('Checking')) { globalThis.benchScanned ??= performance.now(); globalThis.benchJudged = undefined; }
    else if (/Would|Suspect|Fails/u.test(said)) globalThis.benchJudged ??= performance.now();
    else globalThis.benchScanned = undefined;
  }).observe(document, { subtree: true, childList: true, characterData: true });
  globalThis.benchTasks = [];
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.benchTasks.push(entry.duration); }).observe({ type: 'longtask' });
`;

export const longest = (page: Page): Promise<number> =>
  page.evaluate('Math.max(0, ...globalThis.benchTasks.splice(0))');

/** Frame times while something is done sixty times, an element's middle under the pointer: by default it is scrolled. */
export async function scrollRate(
  page: Page,
  selector: string,
  step: (turn: number) => Promise<void> = () => page.mouse.wheel(0, 240),
): Promise<string> {
  const box = await page.locator(selector).boundingBox();
  if (!box) return 'not there';
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
  await page.evaluate(
    `globalThis.benchFrames = []; globalThis.benchRun = true; (function tick(now) { globalThis.benchFrames.push(now); if (globalThis.benchRun) requestAnimationFrame(tick); })(performance.now())`,
  );
  for (let turn = 0; turn < 60; turn++) {
    await step(turn);
    await page.waitForTimeout(16);
  }
  const gaps = await page.evaluate<number[]>(
    `globalThis.benchRun = false; globalThis.benchFrames.slice(1).map((at, index) => at - globalThis.benchFrames[index]).sort((a, b) => a - b)`,
  );
  const at = (share: number): string => (gaps[Math.floor(gaps.length * share)] ?? 0).toFixed(1);
  return `${at(0.5)} ms a frame, ${at(0.95)} ms at the 95th percentile`;
}

const complete = (page: Page): Promise<void> =>
  page.getByText('Complete', { exact: true }).waitFor({ timeout: 300_000 });

/** Milliseconds from the end of the scan to the verdict. */
async function checkMs(page: Page): Promise<number> {
  await page
    .getByRole('banner')
    .getByText(/^(?:Would|Suspect)/u)
    .waitFor({ timeout: 120_000 });
  return page.evaluate<number>('globalThis.benchJudged - globalThis.benchScanned');
}

export async function measureBrowser(image: string, size: number, many: string, makeMany: () => void): Promise<Row[]> {
  const server = await serveBuild();
  const browser = await chromium.launch(CHROMIUM);
  const rows: Row[] = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(WATCH);
    await page.goto(server.url);
    const run = async (path: string): Promise<{ paintMs: number; scanMs: number; task: number }> => {
      await longest(page);
      await page.setInputFiles('#file-input', path);
      await complete(page);
      const task = await longest(page);
      const text = await page.locator('footer').innerText();
      const paintMs = await page.evaluate<number>('globalThis.benchPainted - globalThis.benchChosen');
      const scanMs = Number(/([\d\u2009]+) ms/u.exec(text)?.[1]?.replaceAll('\u2009', '') ?? Number.NaN);
      return { paintMs, scanMs, task };
    };
    await run(image);
    const { paintMs, scanMs, task } = await run(image);
    const busy = await decodeAndPaint(page);
    const checked = await checkMs(page);
    rows.push(
      ['check of a 64 GiB image, Chromium', `${(checked / 1000).toFixed(1)} s`, '—'],
      ['decode + paint of a PAGE_DATA while it is checked', busy, '—'],
    );
    const through = await readThrough(page);
    const searched = await searchRate(page);
    rows.push([
      'search for a text, 64 GiB image, Chromium',
      `${((searched * 1000) / 1e9).toFixed(2)} GB/s: ${(searched / through).toFixed(2)} × reading through (${((through * 1000) / 1e9).toFixed(2)} GB/s)`,
      '≥ 0.8 ×',
    ]);
    rows.push(['drop → first rows painted, 64 GiB image', `${paintMs.toFixed(0)} ms`, '≤ 100 ms']);
    rows.push([
      'full index of a 64 GiB image, Chromium',
      `${scanMs.toFixed(0)} ms, ${(size / scanMs / through).toFixed(0)} × reading through (${((through * 1000) / 1e9).toFixed(2)} GB/s)`,
      '≥ 10 ×',
    ]);
    rows.push([
      'longest task of the page while it is scanned',
      task === 0 ? 'none over 50 ms' : `${task.toFixed(0)} ms`,
      'none > 50 ms',
    ]);
    rows.push(...(await measurePanels(page)));
    makeMany();
    const hostile = await run(many);
    rows.push([
      'ten million records, Chromium',
      `${hostile.scanMs.toFixed(0)} ms, longest task ${hostile.task === 0 ? 'under 50 ms' : `${hostile.task.toFixed(0)} ms`}`,
      'none > 50 ms',
    ]);
    rows.push(['scrolling the list of ten million records', await scrollRate(page, '#timeline'), '60 fps: 16.7 ms']);
    return rows;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Milliseconds from the key for the next PAGE_DATA to the frame that shows its fields: median and worst of ten. */
async function decodeAndPaint(page: Page): Promise<string> {
  await page.keyboard.press('g');
  await page.keyboard.type('rec:100');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'PAGE_DATA' }).waitFor();
  // From the key to the frame that shows another record's fields, in the page's own clock.
  const times: number[] = [];
  for (let turn = 0; turn < 10; turn++) {
    times.push(
      await page.evaluate<number>(
        () =>
          new Promise((resolve, reject) => {
            const wanted = Number(/r=(\d+)/u.exec(location.hash)?.[1]) + 1;
            const started = performance.now();
            // A key that has come to mean something else must not be waited for without end.
            setTimeout(() => reject(new Error('the next record does not come')), 10_000);
            dispatchEvent(new KeyboardEvent('keydown', { key: 'j', code: 'KeyJ', bubbles: true }));
            const look = (): void => {
              const shown =
                document.querySelector('[aria-label=Fields] [role=treeitem]') && location.hash.includes(`r=${wanted}`);
              if (shown) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
              else requestAnimationFrame(look);
            };
            look();
          }),
      ),
    );
  }
  times.sort((one, other) => one - other);
  return `${times[5]?.toFixed(0)} ms median, ${times[9]?.toFixed(0)} ms worst`;
}

async function measurePanels(page: Page): Promise<Row[]> {
  const rows: Row[] = [];
  rows.push(['decode + paint of a PAGE_DATA of 4 MiB', await decodeAndPaint(page), '≤ 50 ms']);
  rows.push(['scrolling the bytes', await scrollRate(page, '#bytes'), '60 fps: 16.7 ms']);
  await page.getByRole('tab', { name: 'Memory' }).click();
  await page.getByRole('tabpanel').locator('canvas').first().waitFor();
  await page.waitForTimeout(1000);
  rows.push(['scrolling the page map', await scrollRate(page, '[role=tabpanel] canvas >> nth=0'), '60 fps: 16.7 ms']);
  await page.getByRole('tab', { name: 'Record' }).click();
  return rows;
}
