/**
 * Images whose texts are made to mislead, in every tab: whatever gets into the page, a title, a tip, a canvas or the
 * clipboard has no character in it that is not seen, and what runs the other way stands by itself.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { selectRecord, showTab } from '../../src/state/actions';
import { openFile } from '../../src/state/files';
import type { OpenFile } from '../../src/state/open-file';
import { TABS } from '../../src/state/place';
import { App } from '../../src/ui/app/app';
import { HOSTILE, hostileImages } from '../fixtures/built/hostile';
import { GIVE_UP } from './sample';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

/** Letters of both directions and what hides: as a file may be called. */
const NAME = `${HOSTILE.slice(0, 60).replaceAll('\u0000', '')}שלום.xlsave`;
const UNSEEN = /[^\p{L}\p{M}\p{N}\p{P}\p{S} \u2009\n]|[\p{Default_Ignorable_Code_Point}\u2800]/u;
const HEBREW = /[\u0590-\u05ff]/u;
const SPOKEN = ['title', 'aria-label', 'alt', 'data-tip', 'placeholder', 'aria-description', 'aria-valuetext'];

const wrong = new Set<string>();
const seen = new Set<string>();
const note = (where: string, text: string | null | undefined): void => {
  if (text === null || text === undefined) return;
  seen.add(text);
  if (UNSEEN.test(text)) wrong.add(`${where}: ${JSON.stringify(text.slice(0, 200))}`);
};

/** Looks at an element and all in it, as it is now. */
function look(node: Node): void {
  if (node instanceof Text) {
    const { parentElement: parent } = node;
    if (parent?.closest('script, style, title')) return;
    note(`in ${parent?.className}`, node.data);
    if (HEBREW.test(node.data) && parent && getComputedStyle(parent).unicodeBidi !== 'isolate')
      wrong.add(`not by itself in ${parent.outerHTML.slice(0, 200)}`);
  } else if (node instanceof Element) {
    for (const name of SPOKEN) note(`${name} of ${node.className}`, node.getAttribute(name));
    for (const child of node.childNodes) look(child);
  }
}

const watcher = new MutationObserver((changes) => {
  for (const { target, addedNodes, type } of changes)
    if (type !== 'childList') look(target);
    else for (const node of addedNodes) if (node.isConnected) look(node);
});

const written = vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => note('clipboard', text));
// oxlint-disable-next-line typescript/unbound-method -- called with the context that it is called on
const { fillText } = CanvasRenderingContext2D.prototype;

beforeEach(async () => {
  await page.viewport(1400, 900);
  wrong.clear();
  seen.clear();
  written.mockClear();
  watcher.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    note('canvas', text);
    fillText.call(this, text, ...rest);
  };
});
afterEach(() => {
  watcher.disconnect();
  CanvasRenderingContext2D.prototype.fillText = fillText;
});

const has = (text: string): boolean => Array.from(seen).some((one) => one.includes(text));
const shows = (text: string): Promise<unknown> => vi.waitFor(() => expect(has(text), text).toBe(true), GIVE_UP);

async function open(bytes: Uint8Array): Promise<OpenFile> {
  const file = openFile(new File([Uint8Array.from(bytes)], NAME));
  await render(<App />);
  await vi.waitFor(() => expect(['done', 'refused']).toContain(file.phase), GIVE_UP);
  return file;
}

/** Shows each tab, and each record where those are shown. */
async function walk(file: OpenFile): Promise<void> {
  await vi.waitFor(() => expect(file.check.state.state).toBe('done'), GIVE_UP);
  for (const tab of TABS) {
    showTab(file, tab);
    const panel = page.getByRole('tabpanel');
    await expect.element(panel).toBeVisible();
    await vi.waitFor(() => expect(panel.element().textContent?.length).toBeGreaterThan(20), GIVE_UP);
    if (tab === 'record')
      for (let index = 0; index < file.records.count; index++) {
        selectRecord(file, index);
        const name = file.records.row(index)?.name ?? '';
        await expect.element(panel).toHaveTextContent(name);
      }
  }
}

function expectSeen(): void {
  for (const change of watcher.takeRecords()) for (const node of change.addedNodes) look(node);
  look(document.body);
  note('title', document.title);
  expect(Array.from(wrong)).toEqual([]);
}

const images = hostileImages();
const traces: Readonly<Record<string, readonly string[]>> = {
  'json-escaped': [String.raw`\u202eRTL`],
  'json-plain': [String.raw`\u202eRTL`],
  'json-invalid': [String.raw`\u001b[31m`],
  'json-broken': [String.raw`\u001b[31m`],
  cfg: [String.raw`\u001b[31m`],
  xml: [String.raw`\u001b[31m`],
};

describe.each(Object.keys(images).filter((name) => name !== 'refused'))('%s', (name) => {
  test('every tab', async () => {
    const file = await open(images[name] ?? new Uint8Array(0));
    await walk(file);
    for (const text of traces[name] ?? []) await shows(text);
    // The name itself.
    await shows('שלום');
    await shows(String.raw`\u001b]0;TITLE`);
    expectSeen();
    expect(document.title).toContain(String.raw`\u001b]0;TITLE`);
  });
});

test('a file that is refused', async () => {
  await open(images['refused'] ?? new Uint8Array(0));
  await shows(String.raw`\u001b]0;TITLE`);
  expectSeen();
});

test('entries of xenstore', async () => {
  const file = await open(images['devices'] ?? new Uint8Array(0));
  showTab(file, 'config');
  await page.getByText('Xenstore', { exact: true }).first().click();
  await shows(String.raw`\u001b[31m\u009b31m`);
  expectSeen();
});

test('the configuration as it is copied', async () => {
  const file = await open(images['xml'] ?? new Uint8Array(0));
  showTab(file, 'config');
  await page.getByRole('button', { name: 'Copy the configuration' }).click();
  await vi.waitFor(() => expect(written).toHaveBeenCalled(), GIVE_UP);
  expect(written.mock.calls[0]?.[0]).toContain(String.raw`\u001b[31m`);
  expect(written.mock.calls[0]?.[0]).toContain('\nFAKE');
  expectSeen();
});

test('the log of a kernel', async () => {
  const file = await open(images['linux'] ?? new Uint8Array(0));
  showTab(file, 'cpus');
  await page.getByText('Kernel log').first().click();
  await shows(String.raw`\u009b31m`);
  await shows('an honest one');
  expectSeen();
});

test('a log of a restore', async () => {
  const file = await open(images['linux'] ?? new Uint8Array(0));
  showTab(file, 'findings');
  const box = page.getByRole('textbox', { name: /log/iu });
  await box.fill(`xc: error: ${HOSTILE}\nlibxl: ${HOSTILE}`);
  await userEvent.keyboard('{Tab}');
  await shows(String.raw`\u202eRTL`);
  expectSeen();
});
