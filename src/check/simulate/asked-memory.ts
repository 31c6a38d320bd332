/** How much memory libxc has asked for so far. */
import { hasPageData, PageType } from '../../format/page';
import type { PageRun } from '../../scan/pages';

/** Counts the pages that libxc has asked Xen for, record by record. Kept only for a stream that asks for too much. */
export class AskedMemory {
  readonly #has: Uint8Array;
  #pages = 0;

  constructor(pfns: number) {
    this.#has = new Uint8Array(pfns);
  }

  /** Takes in the pages of one record and returns how many different ones were asked for by then. */
  add(runs: Iterable<PageRun>): number {
    for (const { pfn, count, type } of runs) {
      if (!hasPageData(type) && type !== PageType.XALLOC) continue;
      for (let at = pfn; at < Math.min(pfn + count, this.#has.length); at++) {
        if (this.#has[at] === 0) this.#pages++;
        this.#has[at] = 1;
      }
    }
    return this.#pages;
  }
}
