/**
 * Code, stack and callers of a vCPU in the built page, under its policy: the disassembler is WebAssembly that the
 * worker loads. Expected values are those of xenctx and of the guests' own sources.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { samples } from '../fixtures/samples';
import { loadAxe, THEMES, violations } from './axe';
import { choose, drop, launch, open, SAMPLE, scanned } from './page';

let browser: Browser;
let folder = '';
beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'xenscope-code-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function cpus(image: Uint8Array, name: string, options = {}) {
  const { page, faults, origins } = await open(browser, '', options);
  // By way of a file: the largest of the images would be too much for one message.
  const path = join(folder, name);
  writeFileSync(path, image);
  await choose(page, path);
  await scanned(page);
  await page.getByRole('tab', { name: 'CPUs' }).click();
  await code(page).waitFor();
  return { page, faults, origins };
}

const code = (page: Page): Locator => page.getByRole('list', { name: /^Instructions around/u });
const texts = async (rows: Locator): Promise<string[]> =>
  (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/gu, ' ').trim());
const lines = (page: Page): Promise<string[]> => texts(code(page).getByRole('listitem'));
const trace = (page: Page): Promise<string[]> =>
  texts(page.getByRole('region', { name: 'Call trace' }).getByRole('listitem'));

test('the instruction at rip, and the code at a caller; its bytes in the memory of the guest', async () => {
  const { page, faults, origins } = await cpus(SAMPLE, 'micro64.xlsave');
  const next = code(page).getByRole('listitem').filter({ hasText: 'next instruction' });
  expect((await next.innerText()).replaceAll(/\s+/gu, ' ')).toMatch(/800003aa 41 5b pop r11/u);
  expect(await trace(page)).toContain('80006f58 ffffffff80001d5b');
  await page.getByRole('button', { name: 'return to 80001d5b' }).click();
  await page.getByRole('button', { name: 'back to rip' }).waitFor();
  expect((await lines(page)).some((line) => /^80001d56 e8 .* call 0xffffffff80001014$/u.test(line))).toBe(true);
  // The bytes of the call, selected in the file.
  await code(page).getByRole('button', { name: '80001d56' }).click();
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  expect(faults).toEqual([]);
  expect([...origins]).toHaveLength(1);
});

test('a System.map dropped on the page names what is shown of the guest that is open', async () => {
  const { page, faults } = await cpus(SAMPLE, 'micro64.xlsave');
  const map =
    'ffffffff80000000 T _text\nffffffff800003a0 T sched_op\nffffffff80000800 T later\nffffffff80030000 B _end\n';
  await drop(page, Buffer.from(map), 'System.map');
  await page.getByText('System.map: 4 symbols').waitFor();
  await expect.poll(() => lines(page)).toContain('sched_op:');
  expect((await trace(page))[0]).toBe('sched_op+0xa');
  expect(await page.getByText('micro64.xlsave').first().isVisible()).toBe(true);
  // Among the fields of the vCPU's record too.
  await page.keyboard.press('g');
  await page.keyboard.type('rec:13');
  await page.keyboard.press('Enter');
  await page.keyboard.press('1');
  await page.getByRole('heading', { name: 'X86_PV_VCPU_BASIC' }).waitFor();
  await page.getByRole('treeitem').filter({ hasText: 'sched_op+0xa' }).first().waitFor();
  // Names are places: in the palette and in the box of virtual memory.
  await page.keyboard.press('g');
  await page.keyboard.type('sched_op+0xa');
  await page
    .getByRole('option', { name: /^sched_op\+0xa 0xffffffff800003aa, by the page tables of vCPU 0/u })
    .waitFor();
  await page.keyboard.press('Enter');
  const said = page.locator('#virtual-byte');
  await expect.poll(() => said.innerText()).toContain('address 0xffffffff800003aa, sched_op+0xa, byte 0x41');
  const box = page.getByLabel('Go to a virtual address, in hex, or to a symbol');
  await box.fill('late');
  await page.getByText('1 symbol starts so').waitFor();
  await box.fill('later');
  await page.getByText('later at 0xffffffff80000800').waitFor();
  await box.press('Enter');
  await expect.poll(() => said.innerText()).toContain('address 0xffffffff80000800, later, byte');
  // A page of the kernel as code is read at its address.
  await page.getByRole('radio', { name: 'Physical' }).click();
  await page.getByRole('textbox', { name: 'Go to PFN' }).fill('0');
  await page.getByRole('textbox', { name: 'Go to PFN' }).press('Enter');
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  const page0 = page.getByRole('listbox', { name: 'Instructions of PFN 0x0, address 0xffffffff80000000, 64-bit' });
  await page0.getByRole('option').filter({ hasText: 'sched_op' }).first().waitFor();
  // Hits of a search say where the kernel has them: push r11; mov eax, 0x1d, a byte into sched_op.
  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Search for' }).fill('41 53 b8 1d');
  await page.keyboard.press('Enter');
  const hits = page.getByRole('listbox', { name: /hits?$/u });
  await hits.getByRole('option', { name: 'sched_op+0x1 at 0xffffffff800003a1' }).waitFor();
  expect(faults).toEqual([]);
});

test.each(samples.filter(({ name }) => name === 'micropvh'))('$file: the row of rip', async (sample) => {
  const { page, faults } = await cpus(sample.open(), sample.file);
  const shown = await lines(page);
  expect(shown).toEqual([
    '10139b cc int3 × 5',
    '1013a0 b8 1d 00 00 00 mov eax, 0x1d',
    '1013a5 0f 01 d9 vmmcall',
    'next instruction 1013a8 c3 ret',
    '1013a9 cc int3 × 12',
  ]);
  expect(faults).toEqual([]);
});

test.each(samples.filter(({ name }) => name === 'pv64'))('$file: the kernel log', async (sample) => {
  const { page, faults } = await cpus(sample.open(), sample.file, { bypassCSP: true });
  await page.getByRole('radio', { name: 'Kernel log' }).click();
  const log = page.getByRole('listbox', { name: 'Kernel log' });
  await log.waitFor();
  await log.getByRole('option').filter({ hasText: 'Command line: console=hvc0 mitigations=off' }).waitFor();
  await loadAxe(page);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Filter the kernel log' }).fill('suspending');
  await expect.poll(() => texts(log.getByRole('option'))).toEqual(['[ 54.562481] suspending xenstore...']);
  await log.getByRole('option').dblclick();
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  expect(faults).toEqual([]);
});

test.each(samples.filter(({ name }) => name === 'pv64'))(
  '$file: names that its kernel carries with it',
  async (sample) => {
    const { page, faults } = await cpus(sample.open(), sample.file);
    await page.getByRole('button', { name: 'Use the kernel’s built-in symbols (kallsyms)' }).click();
    await page.getByText(/The guest’s own: 93.883 symbols\. The kernel is where it was linked/u).waitFor();
    await expect
      .poll(async () => (await trace(page)).slice(0, 3))
      .toEqual(['xen_hypercall_pv+0x5', '40083e40 xen_suspend+0x80', '40083e70 multi_cpu_stop+0x6b']);
    expect(faults).toEqual([]);
  },
);

for (const colorScheme of THEMES) {
  test(`axe is content with code and stack (${colorScheme})`, async () => {
    const { page } = await cpus(SAMPLE, 'micro64.xlsave', { colorScheme, bypassCSP: true });
    await loadAxe(page);
    expect(await violations(page)).toEqual([]);
  });
}
