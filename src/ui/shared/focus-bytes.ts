/** Leads from a value to where it stands in the file; the keyboard goes with what it opened. */
import { goToOffset } from '../../state/actions';
import type { OpenFile } from '../../state/open-file';

/** Frames to wait for the bytes to be there. */
const PATIENCE = 30;

/** Gives the bytes the focus after a jump to them: where the focus went away with what held it, they take it. */
export function focusBytes(frames = PATIENCE): void {
  requestAnimationFrame(() => {
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body && activeElement.checkVisibility()) return;
    const bytes = document.querySelector<HTMLElement>('#bytes, #virtual-bytes');
    if (bytes) bytes.focus({ preventScroll: true });
    else if (frames > 0) focusBytes(frames - 1);
  });
}

/** Shows a range of the file, and hands it the keyboard. */
export function showBytes(
  file: OpenFile,
  { offset, length }: { readonly offset: number; readonly length: number },
): void {
  goToOffset(file, offset, length);
  focusBytes();
}
