/** Page contents, some pages at a time. */
import { PAGE_SIZE } from '../../format/page';
import type { PageRun } from '../../scan/pages';

/** Yields the page contents of a run in blocks: each of `pages` pages from `pfn` on, at `offset` of the file. */
export function* blocksOf(
  run: PageRun,
  pagesAtOnce: number,
): Generator<{ readonly pfn: number; readonly pages: number; readonly offset: number; readonly entry: number }> {
  if (run.offset < 0) return;
  for (let at = 0; at < run.count; at += pagesAtOnce) {
    yield {
      pfn: run.pfn + at,
      pages: Math.min(pagesAtOnce, run.count - at),
      offset: run.offset + at * PAGE_SIZE,
      entry: run.entry + at,
    };
  }
}
