/**
 * The CPU view on real images, with keys and for those who do not see it. Expected values are those that xenctx,
 * xen-hvmctx and lsevtchn printed of the same domains. The PVH image is micropvh without its pages.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableGuestImage } from '../fixtures/built/table-guest';
import { loadAxe, THEMES, violations } from './axe';
import { byteText, drop, launch, open, SAMPLE, scanned } from './page';

const PVH = gunzipSync(readFileSync(new URL('../fixtures/micropvh-no-pages.xlsave.gz', import.meta.url)));
/** A guest in long mode with an IDT and a GDT as Linux has them. */
const TABLES = tableGuestImage();

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  readonly faults: string[];
  readonly body: Locator;
}

async function cpus(image: Uint8Array, name: string, options = {}): Promise<Opened> {
  const { page, faults } = await open(browser, '', options);
  await drop(page, image, name);
  await scanned(page);
  await page.getByRole('tab', { name: 'CPUs' }).click();
  const body = page.getByRole('group', { name: /^Registers of vCPU/u });
  await body.waitFor();
  return { page, faults, body };
}

/** The row of a register: name, value, what it means. */
const register = async (page: Page, name: string): Promise<string> => {
  const row = page.locator('dl > div').filter({ has: page.getByText(name, { exact: true }).and(page.locator('dt')) });
  return (await row.first().innerText()).replaceAll(/\s+/gu, ' ').trim();
};

const view = (page: Page, name: string): Promise<void> => page.getByRole('radio', { name }).click();

const cards = (page: Page): Locator => page.getByRole('listbox', { name: 'Virtual CPUs' }).getByRole('option');

/** Names of the registers that are marked to differ. */
const marked = (body: Locator): Promise<string[]> =>
  body.locator('div:has(> dd > [data-differs])').locator('dt').allInnerTexts();

test('registers of a PVH guest are those that xen-hvmctx printed, and say what they mean', async () => {
  const { page, faults, body } = await cpus(PVH, 'micropvh.xlsave');
  const texts = await cards(page).allInnerTexts();
  expect(texts.map((text) => text.replaceAll(/\s+/gu, ' ').trim())).toEqual([
    'vCPU 0 long mode · ring 0 · 4-level paging · interrupts off rip 1013a8 rsp 1077f8 SF AF PF CF APIC 0 · x2APIC off',
    'vCPU 1 long mode · ring 0 · 4-level paging · interrupts off rip 1013a8 rsp 107ff8 APIC 2 · x2APIC off',
  ]);
  expect(await register(page, 'r10')).toContain('1010101010101010');
  expect(await register(page, 'cr0')).toMatch(/0000000080010033.* PG WP NE ET MP PE/u);
  expect(await register(page, 'efer')).toMatch(/0000000000000d01.* NXE LMA LME SCE/u);
  expect(await register(page, 'cr3')).toMatch(/0000000000104000.*PFN 104/u);
  expect(await register(page, 'dr0')).toMatch(/0000000000000123.* on execute · local, global/u);
  expect(await register(page, 'dr1')).toMatch(/0000000000000000 off/u);
  expect(await register(page, 'star')).toMatch(/0013000800000000.* kernel cs 8 ss 10 · user cs 13, 64-bit 23 ss 1b/u);
  // 0xbc51e3340 ticks at gtsc_khz 2596121.
  expect(await register(page, 'tsc')).toMatch(/0000000bc51e3340 19\.472 s at 2\.596 GHz/u);
  const segments = (await body.getByRole('row').allInnerTexts()).map((text) => text.replaceAll(/\s+/gu, ' ').trim());
  expect(segments.find((row) => row.startsWith('cs'))).toMatch(/^cs 0008.* 0 ffffffff a9b code 64-bit · R · DPL 0$/u);
  // On one line, in a window of 1440 pixels.
  const box = await body.getByRole('row').filter({ hasText: 'code 64-bit' }).boundingBox();
  expect(box?.height).toBeLessThan(24);
  expect(segments.find((row) => row.startsWith('gdtr'))).toMatch(/102000.* 27.* 5 entries$/u);
  expect(faults).toEqual([]);
});

test('a PVH guest’s APIC, memory types and machine checks', async () => {
  const { page, faults } = await cpus(PVH, 'micropvh.xlsave');
  await cards(page).nth(1).click();
  await view(page, 'APIC');
  await page.getByRole('group', { name: 'APIC of vCPU 1' }).waitFor();
  expect(await register(page, 'base MSR')).toContain('0xfee00800');
  expect(await register(page, 'id')).toMatch(/0x2000000.*xAPIC id 2/u);
  expect(await register(page, 'SVR')).toContain('vector 0xff · disabled');
  const rows = (await page.getByRole('row').allInnerTexts()).map((text) => text.replaceAll(/\s+/gu, ' ').trim());
  expect(rows.find((row) => row.startsWith('LINT0'))).toMatch(/^LINT0 00010000 00 masked · fixed · edge/u);
  await view(page, 'PAT & MTRR');
  expect(await page.getByRole('group', { name: 'PAT & MTRR of vCPU 1' }).innerText()).toContain('0007040600070406');
  await view(page, 'MSRs');
  expect(await register(page, 'caps')).toMatch(/0x2.*2 banks/u);
  expect(faults).toEqual([]);
});

test('what differs from another vCPU is marked, counted and told', async () => {
  const { page, faults, body } = await cpus(PVH, 'micropvh.xlsave');
  // xenctx: rsi, rdi, rax, r11, rip, cr0–cr4 and efer are the same on both.
  expect((await marked(body)).join(' ')).toBe(
    'rbx rcx rdx rbp rsp r8 r9 r10 r12 r13 r14 r15 rflags star lstar sfmask kernel_gs dr0 dr7',
  );
  await body.getByRole('button', { name: /^1111111111111111/u }).hover();
  await page.getByRole('tooltip').filter({ hasText: '≠ vCPU 1: aaaaaaaabbbbbbbb' }).waitFor();
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('none');
  expect(await marked(body)).toEqual([]);
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('vCPU 1');
  await page.getByText('values differ').waitFor();
  // The one open before is what the next is compared with.
  await cards(page).nth(1).click();
  await page.getByRole('group', { name: 'Registers of vCPU 1' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Compare with' }).inputValue()).toBe('0');
  expect(faults).toEqual([]);
});

test('a PV guest: registers of xenctx, traps, callbacks, upcalls; each value leads to its bytes', async () => {
  const { page, faults, body } = await cpus(SAMPLE, 'micro64.xlsave');
  expect(await register(page, 'r14')).toContain('ffffffff80022100');
  expect(await register(page, 'cr4')).toMatch(/0000000000040660.*OSXSAVE.* OSXMMEXCPT OSFXSR MCE PAE/u);
  expect(await register(page, 'dr0')).toMatch(/ffffffff80000100.* on execute · global/u);
  expect(await register(page, 'event')).toContain('ffffffff80001046');
  await view(page, 'Traps & GDT');
  const rows = page.getByRole('grid', { name: 'Trap table' }).getByRole('row');
  await rows.first().waitFor();
  const traps = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/gu, ' ').trim());
  expect(traps).toEqual([
    expect.stringContaining('03 e033 ffffffff80001036'),
    expect.stringContaining('0d e033 ffffffff80001037'),
    expect.stringContaining('0e e033 ffffffff80001038'),
    expect.stringContaining('80 e033 ffffffff80001039'),
  ]);
  expect(await gridRows(page, 'Entries of the GDT')).toEqual([expect.stringMatching(/^0008 0 ffffffff code 32-bit/u)]);
  await view(page, 'Shared info');
  expect(await register(page, 'evtchn_upcall_mask')).toContain('1');
  await view(page, 'Registers');
  await body.getByRole('button', { name: /^ffffffff80006f48/u }).click();
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  // rsp: record at 0x3ff8b1, 8 and 8 bytes of headers, 520 + 152 into the context.
  expect(page.url()).toContain('b=3ffb61%2B8');
  expect(faults).toEqual([]);
});

const gridRows = async (page: Page, name: string): Promise<string[]> => {
  const rows = page.getByRole('grid', { name }).getByRole('row');
  await rows.first().waitFor();
  return (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/gu, ' ').trim());
};

test('descriptor tables out of memory: gates, segments, what is folded away, what is missing', async () => {
  const { page, faults } = await cpus(TABLES, 'tables.xlsave');
  await page.getByRole('button', { name: '256 entries' }).click();
  await page.getByRole('group', { name: 'IDT & GDT of vCPU 0' }).waitFor();
  const gates = await gridRows(page, 'Entries of the IDT');
  expect(gates.slice(1, 4)).toEqual([
    '01 0010 ffffffff81000010 3 0 #DB debug · interrupt gate',
    '02 0010 ffffffff81000020 2 0 NMI · interrupt gate',
    '03 0010 ffffffff81000030 3 #BP breakpoint · interrupt gate',
  ]);
  expect(await gridRows(page, 'Entries of the GDT')).toEqual([
    '0008 0 ffffffff code 32-bit · R · DPL 0 · A DB G',
    '0010 0 ffffffff cs code 64-bit · R · DPL 0 · A L G',
    '0018 0 ffffffff ss data · W · DPL 0 · A DB G',
    '0020 0 ffffffff code 32-bit · R · DPL 3 · A DB G',
    '0028 0 ffffffff data · W · DPL 3 · A DB G',
    '0030 0 ffffffff code 64-bit · R · DPL 3 · A L G',
    '0040 fffffe0000003000 4087 tr TSS, busy · DPL 0',
    '0078 0 0 data · DPL 3 · grows down · A DB',
  ]);
  await page.getByRole('button', { name: 'Show 7 entries not present' }).click();
  expect((await gridRows(page, 'Entries of the GDT'))[0]).toBe('0000 not present');
  await page.getByRole('button', { name: 'Hide 7 entries not present' }).click();
  await page.getByRole('button', { name: 'Show 223 entries not present' }).waitFor();

  await cards(page).nth(1).click();
  await page.getByText('256 of 4 096 claimed').waitFor();
  expect(await gridRows(page, 'Entries of the GDT')).toEqual(['0000–0078 no bytes: PTE 7 is not present']);
  await page.getByRole('grid', { name: 'Entries of the IDT' }).focus();
  await page.keyboard.press('End');
  await expect
    .poll(async () => (await gridRows(page, 'Entries of the IDT')).at(-1))
    .toBe('80–ff no bytes: the page is not in the image: PFN 0x99: the image never mentions it');
  expect(faults).toEqual([]);
});

test('an IDT that is empty, and a GDT in a page that the image does not have', async () => {
  const { page, faults } = await cpus(PVH, 'micropvh.xlsave');
  await view(page, 'IDT & GDT');
  const group = page.getByRole('group', { name: 'IDT & GDT of vCPU 0' });
  await group.getByText('empty', { exact: true }).waitFor();
  // xen-hvmctx: gdtr 0x102000 + 0x27, which the page tables would lead to.
  expect(await gridRows(page, 'Entries of the GDT')).toEqual([
    expect.stringMatching(/^0000–0020 no bytes: .*PFN 0x104/u),
  ]);
  expect(faults).toEqual([]);
});

test('a gate leads to its bytes and to its handler, with keys and with the pointer', async () => {
  const { page, faults } = await cpus(TABLES, 'tables.xlsave');
  const table = page.getByRole('grid', { name: 'Entries of the IDT' });
  const toPageFault = async (): Promise<void> => {
    await page.getByRole('tab', { name: 'CPUs' }).click();
    await view(page, 'IDT & GDT');
    await table.focus();
    await page.keyboard.press('Home');
    for (let row = 0; row < 14; row++) await page.keyboard.press('ArrowDown');
  };
  await toPageFault();
  await page.keyboard.press('Enter');
  // The lowest byte of its offset, in the 15th gate of the page.
  await expect.poll(() => byteText(page)).toMatch(/byte 0xe0/u);
  expect(page.url()).toMatch(/b=[\da-f]+%2B10/u);
  await toPageFault();
  await page.keyboard.press('m');
  await expect.poll(() => byteText(page)).toMatch(/byte 0xcc/u);
  expect(page.url()).toContain('&p=24');
  await page.getByRole('tab', { name: 'CPUs' }).click();
  await view(page, 'IDT & GDT');
  await page.getByRole('button', { name: 'To the memory at address 0xfffffe0000003000' }).click();
  await expect.poll(() => byteText(page)).toMatch(/byte 0x00/u);
  expect(page.url()).toContain('&p=22');
  expect(faults).toEqual([]);
});

test('bits explain themselves to pointer and keyboard; clear ones come on demand', async () => {
  const { page, body } = await cpus(PVH, 'micropvh.xlsave');
  const cr4 = body.locator('div').filter({ has: page.locator('dt', { hasText: /^cr4$/u }) });
  await cr4.getByRole('button', { name: 'PAE' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tooltip').filter({ hasText: 'PAE' }).waitFor();
  const described = await page.evaluate(
    () =>
      document.querySelector(`#${CSS.escape(document.activeElement?.getAttribute('aria-describedby') ?? '-')}`)
        ?.textContent,
  );
  expect(described).toMatch(/PAE.*bit 5, set/su);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('tooltip').isVisible()).toBe(false);
  expect(await cr4.getByRole('button', { name: 'SMEP' }).count()).toBe(0);
  await cr4.getByRole('button', { name: 'clear bits of cr4' }).click();
  expect(await cr4.getByRole('button', { name: 'SMEP clear' }).count()).toBe(1);
});

const VIEWS: readonly (readonly [string, Uint8Array, readonly string[]])[] = [
  ['micropvh', PVH, ['Registers', 'FPU & vectors', 'APIC', 'PAT & MTRR', 'IDT & GDT', 'MSRs']],
  ['tables', TABLES, ['IDT & GDT']],
  ['micro64', SAMPLE, ['Registers', 'FPU & vectors', 'Traps & GDT', 'MSRs', 'Shared info']],
];

/** Stops that no arrow leads to from any other, starting at the first one. */
const UNREACHED = `(() => {
  const group = document.querySelector('[role=tabpanel][data-state=active] [role=group][aria-label*=" of vCPU "]:not(:has(> [role=radio]))');
  const stops = [...group.querySelectorAll('[data-stop]:not(:disabled)')];
  const seen = new Set([stops[0]]);
  for (const stop of seen) {
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft']) {
      stop.focus();
      stop.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      if (document.activeElement.matches('[data-stop]')) seen.add(document.activeElement);
    }
  }
  const tabbable = stops.filter((stop) => stop.tabIndex === 0).length;
  return { stops: stops.length, tabbable, unreached: stops.filter((stop) => !seen.has(stop)).map((stop) => stop.textContent) };
})()`;

for (const [name, image, views] of VIEWS) {
  test(`keys reach every value of ${name}, one tab stop for all`, async () => {
    const { page } = await cpus(image, `${name}.xlsave`);
    for (const title of views) {
      await view(page, title);
      await page.getByRole('group', { name: `${title} of vCPU 0` }).waitFor();
      const found = await page.evaluate<{ stops: number; tabbable: number; unreached: string[] }>(UNREACHED);
      expect(found, title).toMatchObject({ tabbable: 1, unreached: [] });
      expect(found.stops, title).toBeGreaterThan(0);
    }
  });

  for (const colorScheme of THEMES) {
    test(`axe is content with every view of ${name} (${colorScheme})`, async () => {
      const { page } = await cpus(image, `${name}.xlsave`, { colorScheme, bypassCSP: true });
      await loadAxe(page);
      for (const title of views) {
        await view(page, title);
        await page.getByRole('group', { name: `${title} of vCPU 0` }).waitFor();
        expect(await violations(page), title).toEqual([]);
      }
    });
  }
}
