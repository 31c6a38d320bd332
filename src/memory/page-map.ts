/** The guest's pages as a picture: for any stretch of PFNs, what each cell of the map holds. */
import { hasPageData, PageType } from '../format/libxc/page-data';
import { type PageIndex, RUN_LIMIT } from '../scan/pages';

/** Cell of PFNs that the stream never mentions. */
export const NEVER_SENT = 0xff;

/** Highest PFN that can be mapped, exclusive: beyond lie only the PFNs of damaged lists. */
export const MAP_LIMIT = 2 ** 32;

export interface MapQuery {
  readonly start: number;
  /** PFNs in one cell. */
  readonly perCell: number;
  readonly cells: number;
}

export interface MapCells extends MapQuery {
  /** The most telling page type in each cell, or NEVER_SENT. */
  readonly type: Uint8Array;
  /** How often the page of each cell that was sent most was sent with content, at most 255. */
  readonly sends: Uint8Array;
}

/** PFNs by the type that their last mention gives them. */
export interface PageTotals {
  /** 16 counts, indexed by page type. */
  readonly byType: Float64Array;
  /** PFNs mentioned at least once. */
  readonly pfns: number;
  /** Mentions in all. */
  readonly mentions: number;
  /** Mentions with content, and PFNs that have one: what is listed as absent or broken is not sent. */
  readonly sent: number;
  readonly sentPfns: number;
  /** Most mentions of one PFN with content. */
  readonly mostSends: number;
}

/** Which type a cell of several pages shows: what is rarer and matters more wins. */
const TELLING: readonly number[] = [
  PageType.BROKEN,
  PageType.L4TAB_PINNED,
  PageType.L4TAB,
  PageType.L3TAB_PINNED,
  PageType.L3TAB,
  PageType.L2TAB_PINNED,
  PageType.L2TAB,
  PageType.L1TAB_PINNED,
  PageType.L1TAB,
  PageType.NOTAB,
  PageType.XALLOC,
  PageType.XTAB,
];
const RANK = new Uint8Array(256).fill(0xfe);
for (const [rank, type] of TELLING.entries()) RANK[type] = rank;
RANK[NEVER_SENT] = 0xff;

/** A stretch of PFNs alike: one type by last mention, one number of mentions with content. */
type Visit = (from: number, to: number, type: number, sends: number) => void;

/** Goes over the PFNs of one granule in stretches; PFNs never mentioned are left out. */
class Granule {
  readonly #type = new Uint8Array(RUN_LIMIT);
  readonly #sends = new Uint32Array(RUN_LIMIT);

  visit(pages: PageIndex, granule: number, visit: Visit): void {
    const base = granule * RUN_LIMIT;
    const runs = Array.from(pages.granule(granule), (index) => {
      const { pfn, count, type } = pages.run(index);
      return { from: Math.max(base, pfn), to: Math.min(base + RUN_LIMIT, pfn + count), type };
    });
    // Runs that ascend mention each PFN once: nearly every granule of a plain save, and nothing to work out.
    const once = runs.every((run, at) => at === 0 || run.from >= (runs[at - 1]?.to ?? 0));
    if (once) {
      for (const { from, to, type } of runs) visit(from, to, type, hasPageData(type) ? 1 : 0);
      return;
    }
    this.#type.fill(NEVER_SENT);
    this.#sends.fill(0);
    for (const { from, to, type } of runs) {
      this.#type.fill(type, from - base, to - base);
      if (!hasPageData(type)) continue;
      for (let at = from - base; at < to - base; at++) this.#sends[at] = (this.#sends[at] ?? 0) + 1;
    }
    for (let from = 0; from < RUN_LIMIT;) {
      const type = this.#type[from] ?? NEVER_SENT;
      const sends = this.#sends[from] ?? 0;
      let to = from + 1;
      while (to < RUN_LIMIT && this.#type[to] === type && this.#sends[to] === sends) to++;
      if (type !== NEVER_SENT) visit(base + from, base + to, type, sends);
      from = to;
    }
  }
}

/** Fills the cells of a query. Costs what the runs and cells of that stretch cost, nothing for the rest of the guest. */
export function pageMap(pages: PageIndex, query: MapQuery): MapCells {
  const { start, perCell, cells } = query;
  const type = new Uint8Array(cells).fill(NEVER_SENT);
  const sends = new Uint8Array(cells);
  const end = Math.min(start + perCell * cells, pages.highest + 1, MAP_LIMIT);
  const granule = new Granule();
  for (let number = Math.floor(start / RUN_LIMIT); number * RUN_LIMIT < end; number++) {
    granule.visit(pages, number, (from, to, found, times) => {
      const first = Math.max(0, Math.floor((from - start) / perCell));
      const last = Math.min(cells - 1, Math.floor((to - 1 - start) / perCell));
      for (let cell = first; cell <= last; cell++) {
        if ((RANK[found] ?? 0xff) < (RANK[type[cell] ?? NEVER_SENT] ?? 0xff)) type[cell] = found;
        sends[cell] = Math.max(sends[cell] ?? 0, Math.min(255, times));
      }
    });
  }
  return { ...query, type, sends };
}

export function pageTotals(pages: PageIndex): PageTotals {
  const byType = new Float64Array(16);
  let pfns = 0;
  let sent = 0;
  let sentPfns = 0;
  let mostSends = 0;
  const granule = new Granule();
  const end = Math.min(pages.highest + 1, MAP_LIMIT);
  for (let number = 0; number * RUN_LIMIT < end; number++) {
    granule.visit(pages, number, (from, to, type, sends) => {
      pfns += to - from;
      byType[type] = (byType[type] ?? 0) + to - from;
      sent += (to - from) * sends;
      if (sends > 0) sentPfns += to - from;
      mostSends = Math.max(mostSends, sends);
    });
  }
  return { byType, pfns, mentions: pages.mentions, sent, sentPfns, mostSends };
}
