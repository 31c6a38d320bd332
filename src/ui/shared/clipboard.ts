/** Copying, with a word on what was copied. */
import { notify } from '../../state/app';
import { currentLink } from '../../state/url/history';
import { encodeHash } from '../../state/url/codec';

/**
 * Copies a text to the clipboard and notifies the user that `what` was copied, or that the browser did not allow it.
 */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
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
