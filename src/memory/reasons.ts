/** Why memory cannot be shown, in words. Apart from the code that finds out, so that the page need not load it. */
import { hex0x } from '../lib/text';
import type { Absence, AbsentPage } from './guest-memory';
import type { Translation } from './virtual';

const WHY: Readonly<Record<Absence, string>> = {
  'never-sent': 'the image never mentions it',
  'no-content': 'it was sent without content',
  broken: 'it was broken memory on the source host',
  'cut-off': 'the file ends before its bytes',
  'not-restored': 'its only copies are ones that a restore does not store',
};

/** `the image never mentions it`, for where the page is named already. */
export const whyAbsent = ({ why }: AbsentPage): string => WHY[why];

/** `PFN 0x1f: the image never mentions it`. */
export const absenceText = ({ pfn, why }: AbsentPage): string => `PFN ${hex0x(pfn)}: ${WHY[why]}`;

/** Why nothing can be shown of a translated address; undefined where the image has its bytes. */
export function whyNot({ failure, page }: Translation): string | undefined {
  if (failure) return failure.text;
  return page?.state === 'absent' ? `the page is not in the image: ${absenceText(page)}` : undefined;
}
