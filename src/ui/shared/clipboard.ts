/** Copying, with a word on what was copied. */
import { visibleLines } from '../../lib/visible';
import { notify } from '../../state/app';
import { currentLink } from '../../state/url/history';
import { encodeHash } from '../../state/url/codec';

/**
 * Copies a text to the clipboard, where it waits to be pasted into a terminal: what is not seen in it is escaped, and its
 * lines stay. Notifies the user that `what` was copied, or that the browser did not allow it.
 */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(visibleLines(text));
    notify(`${what} copied`);
  } catch {
    notify('The browser did not allow copying');
  }
}

function linkToHere(): string {
  const [here = ''] = location.href.split('#', 1);
  return here + encodeHash(currentLink());
}

/** Copies a link to what is shown now, and notifies the user as `copyText` does. */
export const copyLink = (): Promise<void> => copyText(linkToHere(), 'Link');
