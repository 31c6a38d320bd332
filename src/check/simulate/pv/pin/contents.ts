/** Contents of a PV guest's pages as libxc leaves them when the stream has ended. */
import { hasPageData, isTableType, PAGE_SIZE } from '../../../../format/page';
import type { PageIndex } from '../../../../scan/pages';
import type { TakenRuns } from '../../stored';
import type { LatestPages } from '../../../../scan/restored/latest-pages';

/** The content of a page. */
export interface PageContent {
  /** File offset of its 4096 bytes. */
  readonly offset: number;
  /** It was sent as a page table: libxc has turned the PFNs in it into machine frames of the new domain. */
  readonly localised: boolean;
}

/** Page tables looked after: those of a guest of half a TiB, with some thousand processes. */
const TABLE_LIMIT = 1 << 20;

/** Finds the content of pages. */
export class PageContents {
  readonly #pages: PageIndex;
  readonly #stored: LatestPages;
  readonly #runs: TakenRuns;
  /** Offsets by PFN of pages that were once sent as page tables; negative, and one less, for those that no longer are. */
  readonly #tables = new Map<number, number>();
  /** There are too many page tables to look after. */
  readonly cut: boolean;

  /** `stored` finds the copies in memory; `runs` are those of the index that the reader takes. */
  constructor(pages: PageIndex, stored: LatestPages, runs: TakenRuns) {
    this.#pages = pages;
    this.#stored = stored;
    this.#runs = runs;
    this.cut = !this.#index();
  }

  /** Gathers the page tables; false where there are too many. */
  #index(): boolean {
    for (let index = this.#runs.from; index < this.#runs.stored; index++) {
      const { pfn, count, type, offset } = this.#pages.run(index);
      if (!hasPageData(type) || offset < 0) continue;
      if (isTableType(type)) {
        if (this.#tables.size + count > TABLE_LIMIT) return false;
        for (let at = 0; at < count; at++) this.#tables.set(pfn + at, offset + at * PAGE_SIZE);
      } else if (this.#tables.size > 0) {
        for (let at = 0; at < count; at++)
          if (this.#tables.has(pfn + at)) this.#tables.set(pfn + at, -1 - (offset + at * PAGE_SIZE));
      }
    }
    return true;
  }

  /** Returns the content of a page that was sent as a page table at one time or other; undefined for others. */
  table(pfn: number): PageContent | undefined {
    const known = this.#tables.get(pfn);
    if (known === undefined) return undefined;
    return { offset: known < 0 ? -1 - known : known, localised: known >= 0 };
  }

  /** Returns the content of any page; undefined for one that was never sent with any, which is empty. */
  find(pfn: number): PageContent | undefined {
    const stored = this.#stored.get(pfn);
    return this.table(pfn) ?? (stored && { offset: stored.offset, localised: false });
  }
}
