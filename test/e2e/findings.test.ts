/** A broken image: the verdict, where the restore stops and why, the bytes, the log of the real restore, other targets. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadAxe, THEMES, violations } from './axe';
import { byteText, drop, field, launch, open, SAMPLE, scanned, timeline } from './page';

/** micro64 with cr3 of vCPU 0, 8 bytes at 0x400c51, naming PFN 0xfffff: beyond the guest's last. */
const BROKEN = Uint8Array.from(SAMPLE);
BROKEN.set([0x00, 0xf0, 0xff, 0xff, 0, 0, 0, 0], 0x400c51);

/** What `xl restore` of Xen 4.17 printed for it. */
const LOG = `Loading new save file /tmp/b.img (new xl fmt info 0x3/0x0/777)
 Savefile contains xl domain config in JSON format
Parsing config from <saved>
xc: info: Found x86 PV domain from Xen 4.17
xc: info: Restoring domain
xc: error: cr3 (pfn 0xfffff) out of range: Internal error
xc: error: Restore failed (0 = Success): Internal error
libxl: error: libxl_stream_read.c:850:libxl__xc_domain_restore_done: restoring domain: Success
libxl: error: libxl_create.c:1640:domcreate_rebuild_done: Domain 64:cannot (re-)build domain: -3
libxl: error: libxl_domain.c:1183:libxl__destroy_domid: Domain 64:Non-existant domain
libxl: error: libxl_domain.c:1137:domain_destroy_callback: Domain 64:Unable to destroy guest
libxl: error: libxl_domain.c:1064:domain_destroy_cb: Domain 64:Destruction of domain failed`;

/** The policy that the guest was given, as that of a host that lacks AVX2: leaf 7, ebx, bit 5. */
const LESSER = readFileSync(new URL('../fixtures/truth/micro64/xen-cpuid-p.txt', import.meta.url), 'utf8')
  .replace(/^Domain 12 policy/mu, 'Host policy')
  .replace('00000000:00880129:', '00000000:00880109:');

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const badge = (page: Page, word: string) => page.getByRole('banner').getByRole('button', { name: word });
const story = (page: Page) => page.getByRole('region', { name: 'The restore, step by step' });
const finding = (page: Page) => page.getByRole('article', { name: 'Finding' });
const heading = (page: Page) => finding(page).getByRole('heading', { level: 2 });
const step = (page: Page, title: string) => story(page).getByRole('listitem').filter({ hasText: title }).first();

async function openBroken(options = {}): Promise<Awaited<ReturnType<typeof open>>> {
  const opened = await open(browser, '', options);
  await drop(opened.page, BROKEN);
  await scanned(opened.page);
  await badge(opened.page, 'Would fail').click();
  await story(opened.page).getByRole('heading', { level: 1 }).waitFor();
  return opened;
}

test('the badge says that it would fail, the story where, the finding what Xen prints for it', async () => {
  const { page, faults } = await openBroken();
  expect(await badge(page, 'Would fail').innerText()).toContain('1 fatal');
  expect(await story(page).getByRole('heading', { level: 1 }).innerText()).toBe('The restore stops at step 7 of 10');
  // Names of programs are spelled as they are.
  expect(await step(page, 'xl reads').innerText()).toMatch(/^xl reads the header and the configuration/u);
  expect(await step(page, 'Pages are loaded').innerText()).toContain('passed');
  const stopped = step(page, 'Xen loads VCPUs and devices');
  expect(await stopped.innerText()).toContain('stopped');
  expect(await stopped.innerText()).toContain('cr3: PFN 0xfffff');
  for (const title of ['The P2M is written', 'Device model and xenstore', 'The domain is ready to run']) {
    expect(await step(page, title).innerText()).toContain('not reached');
  }
  expect(await heading(page).innerText()).toContain('PFN 0xfffff lies beyond the guest’s last, 0x3ff');
  const log = finding(page).getByRole('list', { name: 'What Xen prints' });
  expect(await log.innerText()).toContain('cr3 (pfn 0xfffff) out of range');
  expect(await finding(page).innerText()).toContain('What to do');
  await story(page).getByRole('button', { name: 'Copy report' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain('would not restore by xl restore on Xen 4.17');
  await story(page).getByRole('button', { name: 'Copy JSON' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('"schema": 1');
  const json = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as unknown;
  expect(json).toMatchObject({ verdict: 'fails', first: { id: 'LP-40', record: 13, offset: 0x400c51, length: 8 } });
  expect(faults).toEqual([]);
});

test('“Show the bytes” selects just the bytes of the finding, and list and fields mark it', async () => {
  const { page, faults } = await openBroken();
  await finding(page).getByRole('button', { name: 'Show the bytes' }).click();
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  await page.getByRole('heading', { name: 'X86_PV_VCPU_BASIC' }).waitFor();
  await expect.poll(() => byteText(page)).toContain('offset 0x400c51, byte 0x00');
  await expect.poll(() => new URL(page.url()).hash).toContain('b=400c51%2B8');
  await expect.poll(() => page.getByRole('contentinfo').innerText()).toContain('8 B selected');
  await expect.poll(() => timeline(page).locator('[aria-selected=true]').innerText()).toContain('fatal');
  const cr3 = field(page, 'cr3').or(field(page, '[3]'));
  await expect.poll(() => cr3.first().innerText()).toContain('fatal');
  expect(faults).toEqual([]);
});

test('the log of the real restore: its error leads to the finding, a line of what went well to its record', async () => {
  const { page, faults } = await openBroken();
  const panel = page.getByRole('region', { name: 'Match your log' });
  await panel.getByRole('textbox').fill(LOG);
  const line = (text: string) => panel.getByRole('option').filter({ hasText: text });
  await line('cr3 (pfn 0xfffff)').waitFor();
  expect(await line('cr3 (pfn 0xfffff)').locator('[data-kind]').getAttribute('data-kind')).toBe('finding');
  await page.keyboard.press('Escape');
  await panel.getByRole('listbox').press('Home');
  expect(await line('Found x86 PV domain').locator('[data-kind]').getAttribute('data-kind')).toBe('record');
  expect(await line('Found x86 PV domain').innerText()).toContain('#4 · the domain header');
  await line('Found x86 PV domain').click();
  await page.getByRole('heading', { name: 'DOMAIN_HEADER' }).waitFor();
  expect(faults).toEqual([]);
});

test('keys step through the findings; another Xen is checked anew', async () => {
  const { page, faults } = await openBroken();
  const first = await heading(page).innerText();
  await page.keyboard.press('.');
  await expect.poll(() => heading(page).innerText()).toContain('the scheduler credit2');
  await page.keyboard.press('.');
  await expect.poll(() => heading(page).innerText()).toContain('CPU features');
  await page.keyboard.press('.');
  await expect.poll(() => heading(page).innerText()).toBe(first);
  await page.keyboard.press('2');
  await page.keyboard.press(',');
  await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
  await page.keyboard.press('6');
  await page.getByLabel('Version of Xen that restores').selectOption({ label: 'Xen 4.13' });
  await expect.poll(() => story(page).innerText()).toContain('The restore stops at step 3 of 10');
  expect(await story(page).innerText()).toContain('Xen 4.13: a stream of version 3, which Xen reads since 4.14');
  await page.getByLabel('Version of Xen that restores').selectOption({ label: 'Xen 4.17 (which saved it)' });
  await expect.poll(() => story(page).innerText()).toContain('The restore stops at step 7 of 10');
  expect(faults).toEqual([]);
});

test('the CPU policy of a target names the features that it lacks, given as a file or pasted', async () => {
  const { page, faults } = await openBroken();
  const lost = page.getByRole('option').filter({ hasText: 'CPU features that the target does not offer' });
  await page.getByLabel('CPU policy of the target', { exact: true }).setInputFiles({
    name: 'xen-cpuid-p.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(LESSER),
  });
  await lost.click();
  // Exactly the one bit that was taken out.
  await expect.poll(() => heading(page).innerText()).toMatch(/does not offer: AVX2 \(00000007:0\.ebx bit 5\)$/u);
  await page.getByRole('button', { name: 'Forget the CPU policy of the target' }).click();
  await lost.waitFor({ state: 'hidden' });
  await page.evaluate((text) => navigator.clipboard.writeText(text), LESSER);
  await page.getByRole('button', { name: 'Paste' }).first().click();
  await lost.waitFor();
  expect(faults).toEqual([]);
});

test('a CPU policy is dropped on the target: it is checked for that, and the image stays open', async () => {
  const { page, faults } = await openBroken();
  await page.getByText('CPU of the target not known').evaluate((element, text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'lesser.txt', { type: 'text/plain' }));
    for (const type of ['dragenter', 'dragover', 'drop'])
      element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, LESSER);
  await page.getByText('lesser.txt').waitFor();
  await page.getByText('Drop to open').waitFor({ state: 'hidden' });
  await page.getByRole('option').filter({ hasText: 'CPU features that the target does not offer' }).waitFor();
  expect(await page.getByRole('banner').innerText()).toContain('micro64.xlsave');
  expect(faults).toEqual([]);
});

test('texts dropped anywhere stay beside the open image: a log is matched, a policy is that of the target', async () => {
  const { page, faults } = await openBroken();
  await page.keyboard.press('1');
  const dropText = (name: string, text: string): Promise<void> =>
    page.evaluate(
      ([file, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], file, { type: 'text/plain' }));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      [name, text] as const,
    );
  await dropText('restore.log', 'xc: info: Found x86 PV domain from Xen 4.17\nsomething else\n');
  await page.getByText('restore.log taken for the log of a restore').waitFor();
  await page.getByText('1 of 2 lines matched').waitFor();
  await dropText('lesser.txt', LESSER);
  await page.getByText('lesser.txt taken for the CPU policies of the target').waitFor();
  await page.getByRole('option').filter({ hasText: 'CPU features that the target does not offer' }).first().waitFor();
  expect(await page.getByRole('banner').innerText()).toContain('micro64.xlsave');
  expect(faults).toEqual([]);
});

test('another reader is asked: virsh refuses the file of xl by its first bytes', async () => {
  const { page, faults } = await openBroken();
  const reader = page.getByLabel('Restored by');
  expect(await reader.inputValue()).toBe('xl');
  await reader.selectOption({ label: 'virsh restore' });
  await expect.poll(() => story(page).innerText()).toContain('The restore stops at step 1 of 10');
  expect(await story(page).innerText()).toContain('libvirt reads the header and the XML');
  await expect.poll(() => page.getByText('image magic is incorrect').count()).toBeGreaterThan(0);
  await reader.selectOption({ label: 'xl restore (fits the file)' });
  await expect.poll(() => story(page).innerText()).toContain('The restore stops at step 7 of 10');
  expect(faults).toEqual([]);
});

test('the link names the finding and the Xen, and opens at both', async () => {
  const { page, faults } = await openBroken();
  const hash = () => new URL(page.url()).hash;
  await page.getByLabel('Version of Xen that restores').selectOption({ label: 'Xen 4.16' });
  await expect.poll(hash).toContain('x=4.16');
  await expect.poll(() => story(page).innerText()).toContain('The restore stops at step 7 of 10');
  await page.keyboard.press('.');
  await expect.poll(() => heading(page).innerText()).toContain('the scheduler credit2');
  await page.keyboard.press('.');
  await expect.poll(() => heading(page).innerText()).toContain('CPU features');
  const link = hash();
  expect(link).toMatch(/&fi=HO-12%40[0-9a-f]+&x=4\.16$/u);
  const other = await open(browser, link);
  await drop(other.page, BROKEN);
  await scanned(other.page);
  await expect.poll(() => heading(other.page).innerText()).toContain('CPU features');
  expect(await other.page.getByLabel('Version of Xen that restores').inputValue()).toBe('416');
  expect(other.faults).toEqual([]);
  // Back to the Xen that saved, which is no news: the link does without it.
  await page.getByLabel('Version of Xen that restores').selectOption({ label: 'Xen 4.17 (which saved it)' });
  await expect.poll(hash).not.toContain('x=');
  expect(hash()).not.toContain('fi=');
  expect(faults).toEqual([]);
});

test('in a low window the whole story is in view, and the log is its heading', async () => {
  const { page, faults } = await openBroken({ viewport: { width: 1024, height: 700 } });
  expect(await story(page).evaluate((one) => one.scrollHeight <= one.clientHeight)).toBe(true);
  const panel = page.getByRole('region', { name: 'Match your log' });
  expect(await panel.getByRole('textbox').count()).toBe(0);
  await panel.getByRole('button', { name: 'Match your log' }).click();
  await panel.getByRole('textbox').waitFor();
  await story(page).getByRole('button', { name: 'More' }).click();
  await story(page).getByText('64-bit PV guest').waitFor();
  expect(faults).toEqual([]);
});

for (const colorScheme of THEMES) {
  test(`axe is content with the findings of a broken image (${colorScheme})`, async () => {
    const { page } = await openBroken({ colorScheme, bypassCSP: true });
    await loadAxe(page);
    await page.getByRole('region', { name: 'Match your log' }).getByRole('textbox').fill(LOG);
    await page.getByRole('option').filter({ hasText: 'cr3 (pfn' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await finding(page).getByRole('button', { name: 'Show the bytes' }).click();
    await expect.poll(() => byteText(page)).toContain('offset 0x400c51');
    expect(await violations(page)).toEqual([]);
  });
}
