/** A browser, a page, and what a person does with it. */
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { CHROMIUM } from '../chromium';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';

export const SAMPLE = gunzipSync(readFileSync(new URL('../../public/samples/micro64.xlsave.gz', import.meta.url)));
export const SAMPLE_NAME = 'micro64.xlsave';

export function launch(): Promise<Browser> {
  return chromium.launch(CHROMIUM);
}

/** A page that has failed if anything in it threw, or spoke to another place than the server. */
export interface Watched {
  readonly page: Page;
  readonly faults: string[];
  readonly origins: Set<string>;
}

async function newPage(browser: Browser, options: BrowserContextOptions): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const faults: string[] = [];
  const origins = new Set<string>();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'blob:' && url.protocol !== 'data:' && url.protocol !== 'about:') origins.add(url.origin);
  });
  return { page, faults, origins };
}

/** By options: to start a page costs more than most tests do. */
const pages = new WeakMap<Browser, Map<string, Watched>>();

/** Opens the address anew, with nothing left of the test before. Tests with the same options have one page, in turn. */
export async function open(browser: Browser, hash = '', options: BrowserContextOptions = {}): Promise<Watched> {
  const known = pages.get(browser) ?? new Map<string, Watched>();
  pages.set(browser, known);
  const key = JSON.stringify(options);
  let watched = known.get(key);
  if (watched && !watched.page.isClosed()) {
    const { page, faults, origins } = watched;
    await page.evaluate(() => localStorage.clear());
    await page.mouse.move(0, 0);
    // Another hash by itself would not load the page.
    await page.goto('about:blank');
    faults.length = 0;
    origins.clear();
  } else {
    watched = await newPage(browser, options);
    known.set(key, watched);
  }
  await watched.page.goto(inject('address') + hash);
  return watched;
}

/** Drops bytes on the window as a file, with the events that a real drag makes. */
export async function drop(page: Page, bytes: Uint8Array, name = SAMPLE_NAME): Promise<void> {
  const base64 = Buffer.from(bytes).toString('base64');
  await page.evaluate(
    ({ base64: text, name: fileName }) => {
      const chars = atob(text);
      const content = new Uint8Array(chars.length);
      for (let index = 0; index < chars.length; index++) content[index] = chars.charCodeAt(index);
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], fileName));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    { base64, name },
  );
}

/** Opens a file of any size through the file input. */
export const choose = (page: Page, path: string): Promise<void> => page.setInputFiles('#file-input', path);

export const scanned = (page: Page): Promise<void> => page.getByText('Complete', { exact: true }).waitFor();

/**
 * Waits until the page has come to rest: nothing moves, and its elements have not changed for three frames in a row. For
 * what is to be looked at as a whole; a test that waits for one thing polls for that.
 */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    let quiet = 0;
    const changes = new MutationObserver(() => (quiet = 0));
    changes.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
    while (quiet < 3) {
      await new Promise(requestAnimationFrame);
      const moves = document.getAnimations().some(({ playState }) => playState === 'running');
      const waits = document.querySelector('[role=tabpanel]:not([hidden]):empty, [aria-busy=true]') !== null;
      quiet = moves || waits ? 0 : quiet + 1;
    }
    changes.disconnect();
  });

/** A page with the sample in it, scanned. */
export async function openSample(browser: Browser): Promise<Watched> {
  const watched = await open(browser);
  await drop(watched.page, SAMPLE);
  await scanned(watched.page);
  return watched;
}

export const timeline = (page: Page) => page.getByRole('tree', { name: 'Records of the image' });
export const fields = (page: Page) => page.getByRole('tree', { name: 'Fields' });
export const row = (page: Page, name: RegExp | string) =>
  timeline(page).getByRole('treeitem').filter({ hasText: name });
export const field = (page: Page, name: string) =>
  fields(page)
    .getByRole('treeitem')
    .filter({ has: page.getByText(name, { exact: true }) });

/** What the byte cursor says: the text for those who cannot see the canvas. */
export const byteText = (page: Page): Promise<string> => page.locator('#byte').innerText();
