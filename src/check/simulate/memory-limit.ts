/** Where libxc asks Xen for more memory than the configuration gives the domain. */
import type { PageRun } from '../../scan/pages';
import { hasPageData, PageType } from '../../format/page';
import type { Place } from '../rule';
import { MEMORY_LIMIT_RULES, mostPages } from '../rules/libxc/memory-limit';
import type { Simulation } from '../simulation';
import { framesOf } from './pv/page-tables';

/** What has been asked for, record by record; kept only for a stream that asks for too much. */
export class MemoryLimit {
  readonly #has: Uint8Array;
  #pages = 0;

  constructor(pfns: number) {
    this.#has = new Uint8Array(pfns);
  }

  add(runs: readonly PageRun[]): number {
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

/** True where the pages of this record are too many. Those that page tables name come on top, and are counted at the end. */
export function exceedsMemory(sim: Simulation, runs: readonly PageRun[], place: Place): boolean {
  const maxMemory = sim.config?.maxMemory;
  if (maxMemory === undefined) return false;
  const frames = framesOf(sim);
  sim.memoryLimit ??=
    !frames.cut && frames.populated > mostPages(maxMemory) ? new MemoryLimit(frames.last + 1) : 'enough';
  if (sim.memoryLimit === 'enough') return false;
  return sim.apply(MEMORY_LIMIT_RULES, { pages: sim.memoryLimit.add(runs), maxMemory }, place);
}
