/** Virtual memory: going to an address, the bytes and the walk, holes, the map of the address space, links. */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assemble, pv32Parts } from '../fixtures/built/restorable';
import { loadAxe, violations } from './axe';
import { byteText, drop, launch, open, openSample, SAMPLE, scanned } from './page';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const said = (page: Page): Promise<string> => page.locator('#virtual-byte').innerText();
const walk = (page: Page) => page.getByRole('complementary', { name: 'Page walk' });

async function goTo(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/va:0x/u).fill(text);
  await page.keyboard.press('Enter');
}

test('from the go-to box to the bytes at rip, the walk and its entries', async () => {
  const { page, faults } = await openSample(browser);
  await goTo(page, 'va:0xffffffff800003aa vcpu:1');
  // xenctx shows 41 at rip.
  await expect.poll(() => said(page)).toBe('address 0xffffffff800003aa, byte 0x41 A');
  expect(page.url()).toContain('t=memory&c=1&va=ffffffff800003aa');
  const text = (await walk(page).innerText()).replaceAll(/\s+/gu, ' ');
  expect(text).toContain('L4 511');
  expect(text).toContain('PFN 0 +3aa');
  expect(text).toContain('4 KiB page, writable, kernel only, executable');
  expect(text).toContain('000000000001b067 P RW US A D');
  expect(text).toContain('0010000000000027 P RW US A GUEST_KERNEL');
  // The entry of the last level: index 0 of PFN 0x1d.
  await walk(page)
    .getByRole('button', { name: /^0010000000000027: show the bytes of the L1/u })
    .click();
  await expect.poll(() => byteText(page)).toContain('offset 0x1b889');
  expect(page.url()).toContain('b=1b889%2B8');
  await page.goBack();
  await expect.poll(() => said(page)).toContain('byte 0x41 A');
  await walk(page).getByRole('button', { name: 'PFN 0 +3aa' }).click();
  await expect.poll(() => byteText(page)).toContain('offset 0x2c33, byte 0x41 A');
  expect(faults).toEqual([]);
});

test('the keyboard moves through memory, over holes in one step, and to where it goes on', async () => {
  const { page, faults } = await openSample(browser);
  await goTo(page, 'va:ffffffff800003aa');
  await expect.poll(() => said(page)).toContain('byte 0x41');
  await page.locator('#virtual-bytes').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => said(page)).toBe('address 0xffffffff800003ab, byte 0x5b [');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => said(page)).toContain('address 0xffffffff8000039b, byte 0xcc');
  // The window reaches 2 MiB around the address it was made for; behind it memory goes on.
  await page.keyboard.press('Control+End');
  await expect.poll(() => said(page)).toContain('address 0xffffffff801fffff, byte 0x');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => said(page)).toContain('address 0xffffffff80200000, byte 0x');
  // Before the kernel nothing is mapped: one line, crossed in one step.
  await page.keyboard.press('Control+Home');
  await expect.poll(() => said(page)).toContain('address 0xffffffff80000000, byte 0x');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => said(page)).toBe('address 0xffffffff7fffffff, 510 GiB without bytes: no L3 is present');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => said(page)).toContain('address 0xffffffff80000000, byte 0x');
  await expect.poll(() => page.url()).toMatch(/va=ffffffff80[\da-f]{6}/u);
  expect(faults).toEqual([]);
});

test('bytes are selected with Shift, and copied', async () => {
  const { page, faults } = await openSample(browser);
  await goTo(page, 'va:ffffffff800003aa');
  await expect.poll(() => said(page)).toContain('byte 0x41');
  await page.locator('#virtual-bytes').focus();
  for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => said(page)).toContain('byte 0xc3 ·, 4 bytes selected');
  await page.keyboard.press('Control+c');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('41 5b 59 c3');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => said(page)).toMatch(/^address 0xffffffff800003ae, byte 0x\w\w .$/u);
  expect(faults).toEqual([]);
});

test('where nothing is mapped: no zeros but the reason, and a way on', async () => {
  const { page, faults } = await openSample(browser);
  await page.getByRole('tab', { name: 'Memory' }).click();
  await page.getByRole('radio', { name: 'Virtual' }).click();
  // It starts at the next instruction of vCPU 0.
  await expect.poll(() => said(page)).toContain('address 0xffffffff800003aa');
  const box = page.getByRole('textbox', { name: 'Go to a virtual address, in hex' });
  await box.fill('0xffff8880zz');
  await page.getByText('Not an address of up to 64 bits, in hex').waitFor();
  await box.fill('1000');
  await box.press('Enter');
  await expect.poll(() => said(page)).toBe('address 0x1000, 128 TiB without bytes: no L4 is present');
  await walk(page).getByText('No bytes: L4 0 is not present').waitFor();
  await box.fill('0x800000000000');
  await box.press('Enter');
  await page.getByRole('heading', { name: 'Not a canonical address' }).waitFor();
  await walk(page).getByText('not a canonical address of 48 bits').waitFor();
  await page.getByRole('radio', { name: 'Physical' }).click();
  await page.getByRole('button', { name: 'Zoom in' }).waitFor();
  expect(page.url()).not.toContain('va=');
  expect(faults).toEqual([]);
});

test('in a guest of 32 bits an address beyond its pages is a virtual one, on the map and in the go-to box', async () => {
  const { page, faults } = await open(browser);
  await drop(page, assemble(pv32Parts()), 'pv32');
  await scanned(page);
  await page.getByRole('tab', { name: 'Memory' }).click();
  const box = page.getByRole('textbox', { name: 'Go to PFN or address, in hex' });
  await box.fill('0xc0123456');
  await page
    .getByText('PFN 0xc0123456 is beyond the last, 0x3f: taken for a virtual address, which Enter opens in Virtual')
    .waitFor();
  await box.press('Enter');
  // The table of the last GiB, PFN 13, is there and empty, up to where Xen has its own from 0xf5800000 on.
  await expect.poll(() => said(page)).toBe('address 0xc0123456, 856 MiB without bytes: no L2 is present');
  await page.getByRole('radio', { name: 'Physical' }).click();
  await box.fill('pfn:c0123456');
  await page.getByText('PFN 0xc0123456 is beyond the last, 0x3f', { exact: true }).waitFor();
  await box.fill('gpa:a123');
  await box.press('Enter');
  await expect.poll(() => page.getByRole('tabpanel').innerText()).toMatch(/PFN 0xa\b/u);
  await goTo(page, '0xc0000000');
  await expect.poll(() => said(page)).toContain('address 0xc0000000');
  expect(faults).toEqual([]);
});

test('the map of the address space, and from a range to its bytes', async () => {
  const { page, faults } = await openSample(browser);
  await goTo(page, 'va:ffffffff80001000');
  const map = page.getByRole('region', { name: 'Address space' });
  await map.getByText('7 ranges · 5 tables read').waitFor();
  const rows = map.getByRole('listbox').getByRole('option');
  expect((await rows.first().innerText()).replaceAll(/\s+/gu, ' ')).toBe(
    'ffff800000000000 8 TiB Xen’s own, left out of the image',
  );
  expect((await rows.nth(1).innerText()).replaceAll(/\s+/gu, ' ')).toBe('ffffffff80000000 52 KiB rwx kernel 4 KiB');
  await expect.poll(() => map.locator('[aria-selected=true]').innerText()).toContain('ffffffff80000000');
  await rows.nth(2).click();
  await expect.poll(() => said(page)).toContain('address 0xffffffff80011000');
  expect(faults).toEqual([]);
});

test('a link with an address leads there, in both themes without problems of access', async () => {
  const hash = `#v=1&n=micro64.xlsave&s=${SAMPLE.length.toString(16)}&t=memory&c=1&va=ffffffff800003aa`;
  for (const colorScheme of ['dark', 'light'] as const) {
    const { page, faults } = await open(browser, hash, { colorScheme, bypassCSP: true });
    await drop(page, SAMPLE);
    await scanned(page);
    await expect.poll(() => said(page)).toBe('address 0xffffffff800003aa, byte 0x41 A');
    await page.getByText('7 ranges · 5 tables read').waitFor();
    await loadAxe(page);
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
  }
});
