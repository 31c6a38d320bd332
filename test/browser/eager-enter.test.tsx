/** Enter right behind the last letter of a symbol's name, before the worker has answered: heeded all the same. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { goToRecord, showPhysical } from '../../src/state/actions';
import { useApp } from '../../src/state/store';
import { takeSymbols } from '../../src/state/symbols';
import { Palette } from '../../src/ui/palette/palette';
import { GoToAddress } from '../../src/ui/space/go-to-address';
import { openSample } from './sample';

const SCHED_OP = 0xffff_ffff_8000_03a0n;

beforeAll(async () => {
  await openSample(1280, 800);
  await takeSymbols(new File(['ffffffff80000000 T _text\nffffffff800003a0 T sched_op\n'], 'System.map'));
});

beforeEach(() => {
  goToRecord(13);
  showPhysical();
});

/** Types and presses Enter in one task: nothing can be answered in between. */
function typeAtOnce(input: Element, text: string): void {
  (input as HTMLInputElement).focus();
  document.execCommand('insertText', false, text);
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
}

test('in the palette', async () => {
  await render(<Palette />);
  useApp.setState({ dialog: 'palette' });
  await expect.element(page.getByRole('combobox')).toBeVisible();
  typeAtOnce(page.getByRole('combobox').element(), 'sched_op');
  await expect.poll(() => useApp.getState().place.va).toBe(SCHED_OP);
  expect(useApp.getState().dialog).toBeUndefined();
});

test('in the box of virtual memory', async () => {
  await render(<GoToAddress vcpus={[0]} />);
  typeAtOnce(page.getByRole('textbox').element(), 'sched_op+0x8');
  await expect.poll(() => useApp.getState().place.va).toBe(SCHED_OP + 8n);
});

test('forgotten when something else is typed', async () => {
  await render(<GoToAddress vcpus={[0]} />);
  const input = page.getByRole('textbox').element();
  typeAtOnce(input, 'sched_op');
  document.execCommand('insertText', false, 'x');
  await expect.element(page.getByText('Neither an address nor a symbol')).toBeVisible();
  expect(useApp.getState().place.va).toBeUndefined();
});
