/** What the stream says of one page, from first to last. */
import { hasPageData } from '../format/page';
import type { ImageInfo } from '../scan/image';
import type { PageIndex, PageOccurrence } from '../scan/pages';

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

export function historyOf(pages: PageIndex, { passes }: Pick<ImageInfo, 'passes'>, pfn: number): PageHistory {
  const verify = passes.find(({ kind }) => kind === 'verify')?.record ?? Number.POSITIVE_INFINITY;
  const last: PageOccurrence[] = [];
  let mentions = 0;
  let sent = 0;
  let verified = false;
  for (const mention of pages.newestFirst(pfn)) {
    if (mentions++ < NAMED) last.push(mention);
    if (mention.record >= verify) verified = true;
    else if (hasPageData(mention.type)) sent++;
  }
  return { mentions, sent, verified, last: last.toReversed() };
}

/** Records that mention the page, ascending, each once. */
export function holdersOf(pages: PageIndex, pfn: number): Uint32Array {
  const records = new Set<number>();
  for (const { record } of pages.newestFirst(pfn)) records.add(record);
  return Uint32Array.from(records).toReversed();
}
