/** What the stream says of one page, from first to last. */
import { hasPageData } from '../format/page';
import type { PageIndex, PageOccurrence } from '../scan/pages';
import type { StreamMarks } from '../scan/restored/ends';

/** Mentions named one by one. */
const NAMED = 1024;

export interface PageHistory {
  /** How often the page is mentioned, with content or without. */
  readonly mentions: number;
  /** How often it was sent with content; what is sent again to be verified does not count. */
  readonly sent: number;
  readonly verified: boolean;
  /** The last 1024 mentions, in stream order. */
  readonly last: readonly PageOccurrence[];
}

/** Returns what the stream says of a page. */
export function historyOf(pages: PageIndex, marks: StreamMarks, pfn: number): PageHistory {
  const verify = marks.firstVerify ?? Number.POSITIVE_INFINITY;
  const last: PageOccurrence[] = [];
  let mentions = 0;
  let sent = 0;
  let verified = false;
  for (const mention of pages.newestFirst(pfn)) {
    if (mentions++ < NAMED) last.push(mention);
    if (mention.record > verify) verified = true;
    else if (hasPageData(mention.type)) sent++;
  }
  return { mentions, sent, verified, last: last.toReversed() };
}

/** Returns the rows of the records that mention a page, ascending, each once. */
export function holdersOf(pages: PageIndex, pfn: number): Uint32Array {
  const records = new Set<number>();
  for (const { record } of pages.newestFirst(pfn)) records.add(record);
  return Uint32Array.from(records).toReversed();
}
