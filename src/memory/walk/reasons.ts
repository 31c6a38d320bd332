/** Why memory cannot be shown, in words. Apart from the code that finds out, so that the page need not load it. */
import { hex0x } from '../../lib/text';
import type { Absence, AbsentPage } from '../guest-memory';
import type { Translation } from './virtual';

const WHY: Readonly<Record<Absence, string>> = {
  'never-sent': 'the image never mentions it',
  'no-content': 'it was sent without content',
  broken: 'it was broken memory on the source host',
  'cut-off': 'the file ends before its bytes',
  'not-restored': 'its only copies are ones that a restore does not store',
};

/** The same of several pages. */
const WHY_MANY: Readonly<Record<Absence, string>> = {
  'never-sent': 'the image never mentions them',
  'no-content': 'they were sent without content',
  broken: 'they were broken memory on the source host',
  'cut-off': 'the file ends before their bytes',
  'not-restored': 'their only copies are ones that a restore does not store',
};

/** `the image never mentions it`, for where the page is named already. */
export const whyAbsent = ({ why }: AbsentPage): string => WHY[why];

/** `PFN 0x1f: the image never mentions it`. */
export const absenceText = ({ pfn, why }: AbsentPage): string => `PFN ${hex0x(pfn)}: ${WHY[why]}`;

type Led = Pick<Translation, 'failure' | 'page'>;

/** Why nothing can be shown of a translated address; undefined where the image has its bytes. */
export function whyNot({ failure, page }: Led): string | undefined {
  if (failure) return failure.text;
  return page?.state === 'absent' ? `the page is not in the image: ${absenceText(page)}` : undefined;
}

/** Addresses that lead nowhere in the same way can be told of together: the way, and it in words for several. */
export function whyNotMany({ failure, page }: Led): { readonly key: string; readonly text: string } {
  if (!failure) {
    const why = page?.state === 'absent' ? page.why : 'never-sent';
    return { key: `page ${why}`, text: `the pages are not in the image: ${WHY_MANY[why]}` };
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
    case 'non-canonical':
      return { key, text };
  }
}
