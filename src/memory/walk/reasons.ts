/** Why an address leads to nothing, in words. Apart from the code that finds out, so that the page need not load it. */
import { absenceText, WHY_MANY_ABSENT } from '../absence';
import type { RestoredPage } from '../../scan/restored/pages';
import type { WalkResult } from './walk';

/** What is known of an address: how its walk failed, or the page that it led to. */
type Led = Pick<WalkResult, 'failure'> & { readonly page?: RestoredPage };

/** Tells why nothing can be shown of a translated address; undefined where the image has its bytes. */
export function whyNot({ failure, page }: Led): string | undefined {
  if (failure) return failure.text;
  return page?.state === 'absent' ? `the page is not in the image: ${absenceText(page)}` : undefined;
}

/**
 * Tells why several addresses lead nowhere: the way, which is equal for those that can be told of together, and it in
 * words for several.
 */
export function whyNotMany({ failure, page }: Led): { readonly key: string; readonly text: string } {
  if (!failure) {
    const why = page?.state === 'absent' ? page.why : 'never-sent';
    return { key: `page ${why}`, text: `the pages are not in the image: ${WHY_MANY_ABSENT[why]}` };
  }
  const { why, level = '', text } = failure;
  const key = `${why} ${level}`;
  switch (why) {
    case 'not-present':
      return { key, text: `no ${level} is present` };
    case 'reserved-bit':
      return { key, text: `each ${level} has reserved bits set` };
    case 'absent':
      return { key, text: `tables of ${level}s that are not in the image` };
    case 'wrong-type':
      return { key, text: `tables of ${level}s that were not saved as such` };
    case 'xen':
    case 'blanked':
    case 'non-canonical':
      return { key, text };
  }
}
