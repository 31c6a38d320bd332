/** Why a page is not in the image, in words. Apart from the code that finds out, so that the page need not load it. */
import { hex0x } from '../lib/text';
import type { Absence, AbsentPage } from '../scan/restored/pages';

const WHY: Readonly<Record<Absence, string>> = {
  'never-sent': 'the image never mentions it',
  'no-content': 'it was sent without content',
  broken: 'it was broken memory on the source host',
  'cut-off': 'the file ends before its bytes',
  'not-restored': 'its only copies would not be loaded by a restore',
};

/** Why several pages are not in the image, in words. */
export const WHY_MANY_ABSENT: Readonly<Record<Absence, string>> = {
  'never-sent': 'the image never mentions them',
  'no-content': 'they were sent without content',
  broken: 'they were broken memory on the source host',
  'cut-off': 'the file ends before their bytes',
  'not-restored': 'their only copies would not be loaded by a restore',
};

/** Tells why a page is not in the image, for where the page is named already: `the image never mentions it`. */
export const whyAbsent = ({ why }: AbsentPage): string => WHY[why];

/** Tells which page is not in the image, and why: `PFN 0x1f: the image never mentions it`. */
export const absenceText = ({ pfn, why }: AbsentPage): string => `PFN ${hex0x(pfn)}: ${WHY[why]}`;
