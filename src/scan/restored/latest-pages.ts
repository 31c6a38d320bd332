/**
 * The last mention of each page, of those that are chosen. For each granule that is asked for, one pass over its runs
 * makes a table of its pages; the tables asked for last are kept. So the answers for all pages of a guest cost about what
 * its runs cost, however often each page was sent.
 */
import { hasPageData, PAGE_SIZE, PageType } from '../../format/page';
import { upperBound } from '../../lib/bisect';
import { Lru } from '../../lib/lru';
import { type PageIndex, type PageOccurrence, RUN_LIMIT } from '../pages';

/** Tables kept, 4 KiB each: those of 16 GiB of guest memory. */
const KEPT_TABLES = 4096;

/** Which mentions count. */
export interface Mentions {
  /** Runs of the index: the first, and behind the last. */
  readonly from?: number;
  readonly to?: number;
  /** All of them, those of a type that has data, those that have their bytes in the file, or those that give the page memory. */
  readonly of: 'all' | 'data' | 'content' | 'memory';
}

/** Tells by type and file offset whether a mention counts. */
const COUNTS: Readonly<Record<Mentions['of'], (type: number, offset: number) => boolean>> = {
  all: () => true,
  data: (type) => hasPageData(type),
  content: (_, offset) => offset >= 0,
  memory: (type, offset) => offset >= 0 || type === PageType.XALLOC,
};

/** Finds the last mention of a page. */
export class LatestPages {
  readonly #pages: PageIndex;
  readonly #chosen: Mentions;
  /** Granule → for each of its pages the number of the run, plus one; 0 for a page without. */
  readonly #tables: Lru<number, Uint32Array>;

  constructor(pages: PageIndex, chosen: Mentions, kept = KEPT_TABLES) {
    this.#pages = pages;
    this.#chosen = chosen;
    this.#tables = new Lru(kept);
  }

  /** The last mention of a page; undefined where none counts. */
  get(pfn: number): PageOccurrence | undefined {
    const granule = Math.floor(pfn / RUN_LIMIT);
    const known = (this.#table(granule)[pfn - granule * RUN_LIMIT] ?? 0) - 1;
    if (known < 0) return undefined;
    const { pfn: first, type, record, entry, offset } = this.#pages.run(known);
    const at = pfn - first;
    return { pfn, type, record, entry: entry + at, offset: offset < 0 ? -1 : offset + at * PAGE_SIZE };
  }

  #table(granule: number): Uint32Array {
    const known = this.#tables.get(granule);
    if (known) return known;
    const table = new Uint32Array(RUN_LIMIT);
    const base = granule * RUN_LIMIT;
    const { from: first = 0, to: behind = Number.POSITIVE_INFINITY, of } = this.#chosen;
    const runs = this.#pages.granule(granule);
    for (let next = upperBound(runs.length, (at) => runs[at] ?? 0, first - 1); next < runs.length; next++) {
      const index = runs[next] ?? 0;
      if (index >= behind) break;
      const { pfn, count, type, offset } = this.#pages.run(index);
      if (!COUNTS[of](type, offset)) continue;
      const from = Math.max(0, pfn - base);
      const to = Math.min(RUN_LIMIT, pfn + count - base);
      if (from < to) table.fill(index + 1, from, to);
    }
    this.#tables.set(granule, table);
    return table;
  }
}
