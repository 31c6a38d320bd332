/** What a vCPU is at, on a real image in the page: WebAssembly in the worker, following addresses, names out of a file. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { selectVcpu } from '../../src/state/actions';
import { CpusPanel } from '../../src/ui/cpus/cpus-panel';
import { showView } from '../../src/ui/cpus/view-state';
import type { OpenFile } from '../../src/state/open-file';
import { openSample, renderFor } from './sample';
import '../../src/ui/tokens.css';
import '../../src/ui/base.css';

let file: OpenFile;
beforeAll(async () => {
  file = await openSample(1440, 900);
});

beforeEach(async () => {
  showView(file, 'registers');
  selectVcpu(file, 0);
  await renderFor(file, <CpusPanel />, { width: 1012, height: 800 });
  await expect.element(code()).toBeVisible();
});

const region = (name: string) => page.getByRole('region', { name, exact: true });
const code = () => page.getByRole('list', { name: /^Instructions around/u });
const plainText = (element: Element): string => (element.textContent ?? '').replaceAll(/\s+/gu, ' ');
const lines = (): string[] => code().getByRole('listitem').elements().map(plainText);
const trace = (): string[] => region('Call trace').getByRole('listitem').elements().map(plainText);
const there = (): string => lines().find((line) => line.includes('followed here')) ?? '';

test('the next instruction is marked, and what is before and after it is read', () => {
  expect(lines().slice(2, 7)).toEqual([
    '800003a141 53push r11',
    '800003a3b8 1d 00 00 00mov eax, 0x1d',
    '800003a80f 05syscall',
    'next instruction800003aa41 5bpop r11',
    '800003ac59pop rcx',
  ]);
});

test('the stack: words as they are, and return addresses', () => {
  const words = region('Stack').getByRole('listitem').elements().map(plainText);
  expect(words).toHaveLength(10);
  expect(words.slice(0, 3)).toEqual([
    '80006f48ffffffff80000000memory',
    '80006f500000000000138017',
    '80006f58ffffffff80001d5breturn to 80001d5b',
  ]);
});

test('a return address is followed to its code, and back', async () => {
  await region('Stack').getByRole('button', { name: 'return to 80001d5b' }).click();
  await expect.poll(there).toContain('80001d5b');
  // The call that it stands behind.
  const index = lines().findIndex((line) => line.includes('followed here'));
  expect(lines()[index - 1]).toMatch(/^80001d56e8 .*call 0xffffffff80001014$/u);
  await region('Code').getByRole('button', { name: 'back to rip' }).click();
  await expect.poll(() => lines().some((line) => line.startsWith('next instruction800003aa'))).toBe(true);
});

test('callers as xenctx lists them, doubtful ones marked', () => {
  expect(trace()).toEqual([
    'ffffffff800003aa',
    '80006f58ffffffff80001d5b',
    '80006f78? ffffffff80017000',
    '80006f88? ffffffff80015000',
    '80006ff8ffffffff80001012',
  ]);
});

test('where rip points: each level leads to its entry', async () => {
  await expect.element(region('Where rip points').getByText('4 KiB page')).toBeVisible();
  const chips = region('Where rip points').getByRole('button').elements().map(plainText);
  expect(chips.slice(0, 3)).toEqual(['L4 511', 'L3 510', 'L2 0']);
});

test('one tab stop, reached with the arrows', async () => {
  const group = page.getByRole('group', { name: /^Registers of vCPU 0/u }).element();
  expect(group.querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  const first = group.querySelector<HTMLElement>('[tabindex="0"]');
  first?.focus();
  await userEvent.keyboard('{End}');
  expect(document.activeElement?.closest('section')?.getAttribute('aria-label')).toBe('Where rip points');
});

test('names out of a file; a shift entered by hand; a file that is none', async () => {
  const input = region('Symbols').getByLabelText('Symbols of the guest’s kernel');
  const map =
    'ffffffff80000000 T _text\nffffffff800003a0 T sched_op\nffffffff80000800 T later\nffffffff80030000 B _end\n';
  await userEvent.upload(input, new File([map], 'System.map'));
  await expect.element(region('Symbols').getByRole('status')).toHaveTextContent(/^System\.map: 4 symbols\./u);
  await expect.poll(lines).toContain('sched_op:');
  await expect.poll(() => trace()[0]).toBe('sched_op+0xa');
  // The registers too: rip, and what rcx has of it after the hypercall.
  await expect.poll(() => page.getByText('sched_op+0xa', { exact: true }).elements().length).toBeGreaterThanOrEqual(4);
  await userEvent.fill(region('Symbols').getByLabelText('Shift'), '-0x200');
  await region('Symbols').getByRole('button', { name: 'Apply' }).click();
  await expect.element(region('Symbols').getByRole('status')).toHaveTextContent(/Shifted by -0x200, as entered\.$/u);
  await expect.poll(() => trace()[0]).toBe('sched_op+0x20a');
  await userEvent.upload(input, new File(['no symbols'], 'notes.txt'));
  await expect
    .element(region('Symbols').getByRole('status'))
    .toHaveTextContent(/^notes\.txt: this is neither a System\.map/u);
});

test('the log of a guest that is no Linux: it says so', async () => {
  showView(file, 'linux');
  await expect.element(page.getByText('No Linux found')).toBeVisible();
});
