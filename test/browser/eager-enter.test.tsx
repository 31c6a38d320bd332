/** Enter right behind the last letter of a symbol's name, before the worker has answered: heeded all the same. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { goToRecord, showPhysical } from '../../src/state/actions';
import { app } from '../../src/state/app';
import type { OpenFile } from '../../src/state/open-file';
import { Palette } from '../../src/ui/palette/palette';
import { GoToAddress } from '../../src/ui/space/go-to-address';
import { openSample, renderFor } from './sample';

const SCHED_OP = 0xffff_ffff_8000_03a0n;

let file: OpenFile;
beforeAll(async () => {
  file = await openSample(1280, 800);
  const symbols = new File(['ffffffff80000000 T _text\nffffffff800003a0 T sched_op\n'], 'System.map');
  await file.symbols.start({ kind: 'file', file: symbols });
});

beforeEach(() => {
  goToRecord(file, 13);
  showPhysical(file);
});

/** Types and presses Enter in one task: nothing can be answered in between. */
function typeAtOnce(input: Element, text: string): void {
  (input as HTMLInputElement).focus();
  document.execCommand('insertText', false, text);
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
}

test('in the palette', async () => {
  await renderFor(file, <Palette />);
  app.setState({ dialog: 'palette' });
  await expect.element(page.getByRole('combobox')).toBeVisible();
  typeAtOnce(page.getByRole('combobox').element(), 'sched_op');
  await expect.poll(() => file.place.va).toBe(SCHED_OP);
  expect(app.getState().dialog).toBeUndefined();
});

test('in the box of virtual memory', async () => {
  await renderFor(file, <GoToAddress vcpus={[0]} />);
  typeAtOnce(page.getByRole('textbox').element(), 'sched_op+0x8');
  await expect.poll(() => file.place.va).toBe(SCHED_OP + 8n);
});

test('forgotten when something else is typed', async () => {
  await renderFor(file, <GoToAddress vcpus={[0]} />);
  const input = page.getByRole('textbox').element();
  typeAtOnce(input, 'sched_op');
  document.execCommand('insertText', false, 'x');
  await expect.element(page.getByText('Neither an address nor a symbol')).toBeVisible();
  expect(file.place.va).toBeUndefined();
});
