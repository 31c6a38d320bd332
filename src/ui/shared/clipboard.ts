/** Copying, with a word on what was copied. */
import { notify } from '../../state/app';
import { currentLink } from '../../state/url/history';
import { encodeHash } from '../../state/url/codec';

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(`${what} copied`);
  } catch {
    notify('The browser did not allow copying');
  }
}

const linkToHere = (): string => location.href.replace(/#.*$/u, '') + encodeHash(currentLink());

export const copyLink = (): Promise<void> => copyText(linkToHere(), 'Link');
