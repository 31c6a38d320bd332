/** The main job on a real image: drop, list, fields ⇄ bytes, pages, vCPUs, links. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import {
  byteText,
  choose,
  drop,
  field,
  fields,
  launch,
  open,
  openSample,
  row,
  SAMPLE,
  SAMPLE_NAME,
  scanned,
  timeline,
} from './page';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test('a dropped image shows its records, nested as the streams are', async () => {
  const { page, faults, origins } = await openSample(browser);
  await page.getByText('21 records').first().waitFor();
  const items = await timeline(page).getByRole('treeitem').allInnerTexts();
  const names = items.map((text) => text.replaceAll(/\s+/gu, ' ').trim());
  expect(names[0]).toContain('xl save file');
  expect(names[1]).toMatch(/^0 XL_HEADER 0 825$/u);
  expect(names[2]).toContain('libxl stream v2');
  expect(names[3]).toMatch(/^1 LIBXL_HEADER 339 16$/u);
  expect(names[5]).toContain('libxc image v3');
  expect(names.at(-1)).toMatch(/^20 END 402559 0$/u);
  const guest = await page.getByRole('list', { name: 'Guest' }).getByRole('listitem').allInnerTexts();
  expect(guest).toEqual(['x86 PV 64-bit', '2 vCPU', '4.0 MiB', 'Xen 4.17', 'libxc v3']);
  expect(faults).toEqual([]);
  expect([...origins]).toEqual([new URL(inject('address')).origin]);
});

test('a field selects its bytes and bytes select their field', async () => {
  const { page, faults } = await openSample(browser);
  await row(page, '13').filter({ hasText: 'VCPU_BASIC' }).click();
  await field(page, 'rip').click();
  // user_regs.rip: record at 0x3ff8b1, 8 bytes of header, 8 of vCPU header, 520 + 128 into the context.
  expect(await byteText(page)).toContain('offset 0x3ffb49');
  expect(page.url()).toContain('b=3ffb49%2B8');
  await page.locator('#bytes').focus();
  await page.keyboard.press('ArrowRight');
  expect(await byteText(page)).toContain('offset 0x3ffb4a');
  for (let step = 0; step < 7; step++) await page.keyboard.press('ArrowRight');
  await expect.poll(() => byteText(page)).toContain('cs');
  await expect.poll(() => fields(page).locator('[aria-selected=true]').innerText()).toContain('cs');
  const canvas = page.locator('#bytes canvas');
  const box = await canvas.boundingBox();
  if (!box) throw new Error('no canvas');
  await page.mouse.click(box.x + 150, box.y + 50);
  await expect.poll(() => new URL(page.url()).hash).not.toContain('b=3ffb51');
  const selected = await fields(page).locator('[aria-selected=true]').count();
  expect(selected).toBe(1);
  expect(faults).toEqual([]);
});

test('the registers of a vCPU are those that xenctx printed', async () => {
  const { page, faults } = await openSample(browser);
  await page.getByRole('tab', { name: 'CPUs' }).click();
  const panel = page.getByRole('tabpanel');
  for (const value of ['ffffffff800003aa', 'ffffffff80006f48', 'ffffffff80022100']) {
    await expect.poll(() => panel.innerText()).toContain(value);
  }
  expect(faults).toEqual([]);
});

test('a click on the page map leads to the bytes of that page', async () => {
  const { page, faults } = await openSample(browser);
  await page.getByRole('tab', { name: 'Memory' }).click();
  const map = page.getByRole('tabpanel').locator('canvas').first();
  await map.waitFor();
  const box = await map.boundingBox();
  if (!box) throw new Error('no map');
  await page.mouse.click(box.x + box.width / 2, box.y + 6);
  await expect.poll(() => page.url()).toMatch(/p=[\da-f]+/u);
  await page.getByRole('button', { name: /bytes/iu }).first().click();
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/b=[\da-f]+%2B1000/u);
  expect(faults).toEqual([]);
});

test('the filter narrows the list and says how far', async () => {
  const { page } = await openSample(browser);
  await page.keyboard.press('/');
  await page.keyboard.type('vcpu:1');
  await page.getByText('3 of 21').waitFor();
  const names = await timeline(page).getByRole('treeitem').allInnerTexts();
  expect(names.map((text) => text.match(/BASIC|EXTENDED|XSAVE/u)?.[0])).toEqual(['BASIC', 'EXTENDED', 'XSAVE']);
  await page.locator('#filter').fill('pfn:0x17');
  await page.getByText('1 of 21').waitFor();
  await page.locator('#filter').fill('layer:libxl');
  await page.getByText('3 of 21').waitFor();
  await page.locator('#filter').fill('nonsense:1');
  await page.getByRole('alert').filter({ hasText: 'is not a key' }).waitFor();
});

test('a copied link opens the same place once the file is dropped again', async () => {
  const first = await open(browser);
  await drop(first.page, SAMPLE);
  await scanned(first.page);
  await row(first.page, '16').filter({ hasText: 'VCPU_BASIC' }).click();
  await field(first.page, 'rbp').click();
  await first.page.getByRole('contentinfo').getByRole('button', { name: 'Copy link' }).click();
  const link = await first.page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('#v=1&n=micro64.xlsave&s=402561&f=89ce70c329b70f42&r=16&b=');

  const { page, faults } = await open(browser, new URL(link).hash);
  await page.getByRole('heading', { name: `Drop ${SAMPLE_NAME}` }).waitFor();
  await drop(page, SAMPLE);
  await scanned(page);
  expect(await fields(page).locator('[aria-selected=true]').innerText()).toContain('bbbbbbbbbbbbbbbb');
  expect(await timeline(page).locator('[aria-selected=true]').innerText()).toContain('16');
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('a link opened with another file says so, and still leads to its place in the right one', async () => {
  const hash = '#v=1&n=micro64.xlsave&s=402561&f=89ce70c329b70f42&r=16&b=4012c9+8';
  const { page } = await open(browser, hash);
  const other = Uint8Array.from(SAMPLE);
  other[0x3ffb49] = 0x42;
  await drop(page, other);
  await page.getByRole('alert').filter({ hasText: 'another image of the same size' }).waitFor();
  await drop(page, SAMPLE.subarray(0, 5000));
  await page.getByRole('alert').filter({ hasText: 'this file has 5' }).waitFor();
  await drop(page, SAMPLE);
  await scanned(page);
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  expect(await timeline(page).locator('[aria-selected=true]').innerText()).toContain('16');
});

test('selected bytes are copied in the forms that people paste', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xenscope-dd-'));
  writeFileSync(join(folder, SAMPLE_NAME), SAMPLE);
  const { page } = await open(browser, '#v=1&r=13&b=3ffb49+8');
  await choose(page, join(folder, SAMPLE_NAME));
  await scanned(page);
  await row(page, '13').filter({ hasText: 'VCPU_BASIC' }).click();
  await field(page, 'rip').click();
  const copied = async (form: string): Promise<string> => {
    await page.getByRole('button', { name: 'Copy the selected bytes as' }).click();
    await page.getByRole('menuitem', { name: `Copy as ${form}` }).click();
    await page.getByText('copied', { exact: false }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied('Hex')).toBe('aa 03 00 80 ff ff ff ff');
  expect(await copied('C array')).toBe(
    'const unsigned char bytes[8] = {\n    0xaa, 0x03, 0x00, 0x80, 0xff, 0xff, 0xff, 0xff,\n};',
  );
  const dd = await copied('dd command');
  expect(dd).toContain("if='micro64.xlsave'");
  execFileSync('sh', ['-c', `${dd} 2>/dev/null`], { cwd: folder });
  expect(readFileSync(join(folder, 'micro64.xlsave.3ffb49.bin'))).toEqual(
    Buffer.from(SAMPLE.subarray(0x3ffb49, 0x3ffb51)),
  );
  rmSync(folder, { recursive: true });
});

test('back and forward go through the places visited', async () => {
  const { page } = await openSample(browser);
  await row(page, '12').filter({ hasText: 'SHARED_INFO' }).click();
  await page.getByRole('heading', { name: 'SHARED_INFO' }).waitFor();
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.goBack();
  await page.getByRole('heading', { name: 'SHARED_INFO' }).waitFor();
  await page.goForward();
  await page.getByRole('tab', { name: 'Config', selected: true }).waitFor();
});

test('a link of a later version and a broken one are told apart, and nothing is guessed', async () => {
  const later = await open(browser, '#v=2&r=1');
  await later.page.getByText('newer Xenscope (link version 2)').waitFor();
  const broken = await open(browser, '#r=1');
  await broken.page.getByText('cannot be read').waitFor();
});

test('files that are not read say what they are', async () => {
  const { page } = await open(browser);
  await drop(page, Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0), 'a.gz');
  await page.getByRole('heading', { name: 'The file is compressed with gzip' }).waitFor();
  await drop(page, new Uint8Array(0), 'empty');
  await page.getByRole('heading', { name: 'The file is empty' }).waitFor();
  await drop(page, new TextEncoder().encode('Not an image, but a text of some length.'), 'a.txt');
  await page.getByRole('heading', { name: 'This is not a Xen image' }).waitFor();
});

test('a damaged image keeps what is sound and shows where it broke', async () => {
  const { page } = await open(browser);
  const broken = Uint8Array.from(SAMPLE);
  // SHARED_INFO's header, record 12 at 0x3fe8a9, becomes nonsense.
  broken.set([0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef], 0x3fe8a9);
  await drop(page, broken);
  await scanned(page);
  await page.getByRole('button', { name: /Would fail/u }).click();
  // The guilty part of the header is its length.
  await expect.poll(() => page.getByRole('tabpanel').innerText()).toContain('0x3fe8ad');
  await row(page, 'not readable as records').waitFor();
  await row(page, 'VCPU_BASIC').first().waitFor();
});

test('bytes that cannot be read are shown as such, never as zeros', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xenscope-gone-'));
  const path = join(folder, SAMPLE_NAME);
  writeFileSync(path, SAMPLE);
  const { page } = await open(browser);
  await choose(page, path);
  await scanned(page);
  // The file changes under the open page: the browser then refuses to read from it.
  writeFileSync(path, SAMPLE.subarray(0, 1000));
  await row(page, '12').filter({ hasText: 'SHARED_INFO' }).click();
  await page.getByRole('alert').filter({ hasText: 'could not be read' }).waitFor();
  await expect.poll(() => byteText(page)).toContain('failed');
  rmSync(folder, { recursive: true });
});
