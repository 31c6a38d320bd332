/** The Record tab of a real image: searching the tree, what is said of a field, the way to the memory that it names. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { goToRecord } from '../../src/state/actions';
import { followField } from '../../src/state/follow';
import { app } from '../../src/state/app';
import type { OpenFile } from '../../src/state/open-file';
import { RecordPanel } from '../../src/ui/record/record-panel';
import { openSample, renderFor } from './sample';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

/** X86_PV_VCPU_BASIC of vCPU 0, and the PAGE_DATA. */
const VCPU = 13;
const PAGES = 10;

let file: OpenFile;
beforeAll(async () => {
  file = await openSample(1280, 800);
});

beforeEach(async () => {
  goToRecord(file, VCPU);
  await renderFor(file, <RecordPanel />, { width: 1200, height: 760 });
  await expect.element(page.getByRole('tree', { name: 'Fields' })).toBeVisible();
});

const box = () => page.getByRole('textbox', { name: 'Find a field' });
const rows = (): string[] =>
  Array.from(document.querySelectorAll('#field-tree [role=treeitem]'), (row) =>
    (row.querySelector('.ell')?.textContent ?? '').trim(),
  );
const selected = (): string => document.querySelector('#field-tree [aria-selected=true] .ell')?.textContent ?? '';
const byte = (): string => document.querySelector('#byte')?.textContent ?? '';

test('names along a path lead to a bit; Enter selects it, Escape brings the whole tree back around it', async () => {
  await box().fill('cr4.pae');
  await expect.poll(rows).toEqual(['vcpu_guest_context', 'ctrlreg', 'cr4', 'PAE']);
  expect(document.querySelector('#field-tree mark')?.textContent).toBe('PAE');
  await userEvent.keyboard('{Enter}');
  await expect.poll(selected).toBe('PAE');
  await expect.element(page.getByText('1 of 1')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(box()).toHaveValue('');
  await expect.poll(() => rows().length).toBeGreaterThan(10);
  await expect.poll(selected).toBe('PAE');
});

test('elements of arrays are found, one after the other', async () => {
  await box().fill('trap_ctxt.address');
  await expect.element(page.getByText('256 found')).toBeVisible();
  await userEvent.keyboard('{Enter}{Enter}');
  await expect.element(page.getByText('2 of 256')).toBeVisible();
  await userEvent.keyboard('{Shift>}{Enter}{/Shift}');
  await expect.element(page.getByText('1 of 256')).toBeVisible();
});

test('Enter behind the last letter selects what is found then, not what stood there before', async () => {
  const input = box().element() as HTMLInputElement;
  input.focus();
  // In one task, as an eager typist's keys may be handled: nothing is looked for in between.
  document.execCommand('insertText', false, 'cr4.pae');
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  await expect.poll(selected).toBe('PAE');
});

test('M goes to the bytes that rip names, the arrow as well', async () => {
  await box().fill('rip');
  await expect.poll(rows).toContain('rip');
  await userEvent.keyboard('{Enter}');
  await expect.poll(selected).toBe('rip');
  document.querySelector<HTMLElement>('#field-tree')?.focus();
  await userEvent.keyboard('m');
  await expect.poll(() => file.place.record).toBe(PAGES);
  // `<41> 5b 59 c3`: the instruction behind the hypercall, as xenctx shows it.
  await expect.poll(byte).toContain('byte 0x41');
  expect(file.place.range).toEqual({ start: 0x2c33, end: 0x2c3b });
});

test('what the image does not hold is said, with the reason', async () => {
  const offset = 0x3f_fb49;
  expect(await followField(file, { name: 'cr2', offset, leadsTo: { space: 'va', at: 0x1234n } })).toMatchObject({
    found: false,
  });
  expect(app.getState().notice).toBe('No bytes at address 0x1234: L4 0 is not present');
  // Its walk is shown, as far as it goes.
  expect(file.place).toMatchObject({ tab: 'memory', va: 0x1234n, vcpu: 0 });
  expect(
    await followField(file, { name: 'cr2', offset, leadsTo: { space: 'va', at: 0xffff_8000_0000_0000n } }),
  ).toMatchObject({ found: false });
  expect(app.getState().notice).toContain('an address of Xen itself');
  expect(await followField(file, { name: 'x', offset, leadsTo: { space: 'pfn', at: 0x9_9999n } })).toMatchObject({
    found: false,
  });
  expect(app.getState().notice).toBe('No bytes at PFN 0x99999: the image never mentions it');
  expect(file.place.record).toBe(VCPU);
  expect(await followField(file, { name: 'x', offset, leadsTo: { space: 'gpa', at: 0x17008n } })).toMatchObject({
    found: true,
  });
  expect(file.place).toMatchObject({ record: PAGES, pfn: 0x17 });
});

test('a field that leads nowhere says so', async () => {
  await box().fill('vcpu_id');
  await expect.poll(rows).toContain('vcpu_id');
  await userEvent.keyboard('{Enter}');
  await expect.poll(selected).toBe('vcpu_id');
  document.querySelector<HTMLElement>('#field-tree')?.focus();
  await userEvent.keyboard('m');
  await expect.poll(() => app.getState().notice).toContain('names no place');
});

test('a field is explained: to the pointer, to the keyboard, to a screen reader', async () => {
  await box().fill('kernel_sp');
  await expect.poll(rows).toContain('kernel_sp');
  await userEvent.keyboard('{Enter}');
  await expect.poll(selected).toBe('kernel_sp');
  document.querySelector<HTMLElement>('#field-tree')?.focus();
  await expect.element(page.getByRole('tooltip')).toHaveTextContent('Stack pointer on entry to the guest kernel.');
  await expect.element(page.getByRole('tooltip')).toHaveTextContent('leads to');
  expect(document.querySelector('#field-about')?.textContent).toContain('Stack pointer on entry');
  await userEvent.keyboard('{Escape}');
  expect(page.getByRole('tooltip').elements()).toHaveLength(0);
  await page
    .getByRole('treeitem', { name: /ctrlreg|vcpu_guest_context/ })
    .first()
    .hover();
  await expect.element(page.getByRole('tooltip')).toBeVisible();
});
