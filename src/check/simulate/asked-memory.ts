/** How much memory libxc has asked for so far. */
import { hasPageData, PageType } from '../../format/page';
import { type PageRun, RUN_LIMIT } from '../../scan/pages';

/** Counts the pages that libxc has asked Xen for, record by record. Kept only for a stream that may ask for too much. */
export class AskedMemory {
  /** Granule → a bit for each of its pages. */
  readonly #has = new Map<number, Uint8Array>();
  #pages = 0;

  /** Takes in the pages of one record and returns how many different ones were asked for by then. */
  add(runs: Iterable<PageRun>): number {
    for (const { pfn, count, type } of runs) {
      if (!hasPageData(type) && type !== PageType.XALLOC) continue;
      for (let at = pfn; at < pfn + count; at++) this.#ask(at);
    }
    return this.#pages;
  }

  #ask(pfn: number): void {
    const granule = Math.floor(pfn / RUN_LIMIT);
    let bits = this.#has.get(granule);
    if (!bits) this.#has.set(granule, (bits = new Uint8Array(RUN_LIMIT / 8)));
    const at = pfn - granule * RUN_LIMIT;
    const bit = 1 << (at & 7);
    const before = bits[at >> 3] ?? 0;
    if ((before & bit) !== 0) return;
    bits[at >> 3] = before | bit;
    this.#pages++;
  }
}
