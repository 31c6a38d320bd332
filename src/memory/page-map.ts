/** The guest's pages as a picture: for any stretch of PFNs, what each cell of the map holds. */
import { PageType } from '../format/libxc/page-data';
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
  /** Most mentions of one PFN in each cell, at most 255. */
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
  /** Most mentions of one PFN. */
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

/** State of the PFNs of one granule: type by last mention, and number of mentions. */
class Granule {
  readonly type = new Uint8Array(RUN_LIMIT);
  readonly sends = new Uint8Array(RUN_LIMIT);

  load(pages: PageIndex, granule: number): void {
    this.type.fill(NEVER_SENT);
    this.sends.fill(0);
    const base = granule * RUN_LIMIT;
    for (const index of pages.granule(granule)) {
      const { pfn, count, type } = pages.run(index);
      const from = Math.max(0, pfn - base);
      const to = Math.min(RUN_LIMIT, pfn + count - base);
      for (let at = from; at < to; at++) {
        this.type[at] = type;
        this.sends[at] = Math.min(255, (this.sends[at] ?? 0) + 1);
      }
    }
  }
}

/** Fills the cells of a query. Costs what the runs and PFNs of that stretch cost, nothing for the rest of the guest. */
export function pageMap(pages: PageIndex, query: MapQuery): MapCells {
  const { start, perCell, cells } = query;
  const type = new Uint8Array(cells).fill(NEVER_SENT);
  const sends = new Uint8Array(cells);
  const end = Math.min(start + perCell * cells, pages.highest + 1, MAP_LIMIT);
  const granule = new Granule();
  for (let number = Math.floor(start / RUN_LIMIT); number * RUN_LIMIT < end; number++) {
    if (pages.granule(number).length === 0) continue;
    granule.load(pages, number);
    const base = number * RUN_LIMIT;
    const to = Math.min(end, base + RUN_LIMIT);
    for (let pfn = Math.max(start, base); pfn < to; pfn++) {
      const cell = Math.floor((pfn - start) / perCell);
      const found = granule.type[pfn - base] ?? NEVER_SENT;
      if ((RANK[found] ?? 0xff) < (RANK[type[cell] ?? NEVER_SENT] ?? 0xff)) type[cell] = found;
      sends[cell] = Math.max(sends[cell] ?? 0, granule.sends[pfn - base] ?? 0);
    }
  }
  return { ...query, type, sends };
}

export function pageTotals(pages: PageIndex): PageTotals {
  const byType = new Float64Array(16);
  let pfns = 0;
  let mostSends = 0;
  const granule = new Granule();
  const end = Math.min(pages.highest + 1, MAP_LIMIT);
  for (let number = 0; number * RUN_LIMIT < end; number++) {
    if (pages.granule(number).length === 0) continue;
    granule.load(pages, number);
    for (let at = 0; at < RUN_LIMIT; at++) {
      const type = granule.type[at] ?? NEVER_SENT;
      if (type === NEVER_SENT) continue;
      pfns++;
      byType[type] = (byType[type] ?? 0) + 1;
      mostSends = Math.max(mostSends, granule.sends[at] ?? 0);
    }
  }
  return { byType, pfns, mentions: pages.mentions, mostSends };
}
