/** The pages that a restore would leave in memory, by PFN, in stretches that follow each other in the file too. */
import { upperBound } from '../../lib/bisect';
import { PAGE_SIZE, tableLevel } from '../../format/page';
import type { PagesEnd } from '../../scan/image';
import { type PageIndex, RUN_LIMIT } from '../../scan/pages';
import { MAP_LIMIT } from '../map/cells';

export interface Stretch {
  readonly pfn: number;
  readonly count: number;
  /** File offset of the first page. */
  readonly offset: number;
}

/** Pages that were sent as one kind: page tables of a PV guest of level 1 … 4, or 0 for all else. */
export interface LevelStretch extends Stretch {
  readonly level: number;
}

interface Pages {
  readonly pages: PageIndex;
  readonly image: { readonly pagesEnd?: PagesEnd };
}

/**
 * As `GuestMemory.page` answers for each PFN: the last whole copy that a restore stores. Within `from … to`; PFNs of
 * 16 TiB and more, which only a damaged list has, are left out.
 */
export function* stretches(file: Pages, from = 0, to = MAP_LIMIT): Generator<Stretch> {
  for (const { pfn, count, offset } of walk(file, from, to)) yield { pfn, count, offset };
}

/** The same of all pages, and a new one where the level changes. */
export function levelStretches(file: Pages): Generator<LevelStretch> {
  return walk(file, 0, MAP_LIMIT, new Uint8Array(RUN_LIMIT));
}

/** Without room for levels there are none to tell apart. */
function* walk({ pages, image }: Pages, from: number, to: number, levels?: Uint8Array): Generator<LevelStretch> {
  const last = image.pagesEnd?.record ?? Number.POSITIVE_INFINITY;
  const end = Math.min(to, pages.highest + 1, MAP_LIMIT);
  const offsets = new Float64Array(RUN_LIMIT);
  let open: { pfn: number; count: number; offset: number; level: number } | undefined;
  for (let granule = Math.floor(from / RUN_LIMIT); granule * RUN_LIMIT < end; granule++) {
    const base = granule * RUN_LIMIT;
    if (!placesOf(pages, granule, last, offsets, levels)) continue;
    for (let at = Math.max(0, from - base); at < Math.min(RUN_LIMIT, end - base); at++) {
      const offset = offsets[at] ?? -1;
      if (offset < 0) continue;
      const pfn = base + at;
      const level = levels?.[at] ?? 0;
      const follows = open && pfn === open.pfn + open.count && offset === open.offset + open.count * PAGE_SIZE;
      if (open && follows && level === open.level) open.count++;
      else {
        if (open) yield open;
        open = { pfn, count: 1, offset, level };
      }
    }
  }
  if (open) yield open;
}

/** Fills in where the pages of a granule stand, −1 for those that are nowhere, and their levels; false where all are. */
function placesOf(
  pages: PageIndex,
  granule: number,
  last: number,
  offsets: Float64Array,
  levels: Uint8Array | undefined,
): boolean {
  const base = granule * RUN_LIMIT;
  const runs = pages.granule(granule);
  if (runs.length === 0) return false;
  offsets.fill(-1);
  for (const index of runs) {
    const run = pages.run(index);
    if (run.offset < 0 || run.record >= last) continue;
    const first = Math.max(base, run.pfn);
    const end = Math.min(base + RUN_LIMIT, run.pfn + run.count);
    for (let pfn = first; pfn < end; pfn++) offsets[pfn - base] = run.offset + (pfn - run.pfn) * PAGE_SIZE;
    levels?.fill(tableLevel(run.type), first - base, end - base);
  }
  return true;
}

/** PFNs that follow each other without a gap, each with the number of pages before it. */
export class PfnRanks {
  readonly #pfn: number[] = [];
  readonly #rank: number[] = [];
  /** Pages in all. */
  readonly count: number;

  constructor(all: Iterable<Stretch>) {
    let count = 0;
    let next = -1;
    for (const { pfn, count: more } of all) {
      if (pfn !== next) {
        this.#pfn.push(pfn);
        this.#rank.push(count);
      }
      next = pfn + more;
      count += more;
    }
    this.count = count;
  }

  /** Highest PFN, −1 for none. */
  get highest(): number {
    const last = this.#pfn.length - 1;
    return last < 0 ? -1 : (this.#pfn[last] ?? 0) + this.count - (this.#rank[last] ?? 0) - 1;
  }

  /** First PFN that is not there; one after the highest if none is missing before it. */
  get firstMissing(): number {
    return this.#pfn[0] === 0 ? (this.#rank[1] ?? this.count) : 0;
  }

  /** Parts of `pfn … pfn + count` that are there. */
  *within(
    pfn: number,
    count: number,
  ): Generator<{ readonly pfn: number; readonly count: number; readonly rank: number }> {
    for (
      let at = Math.max(0, upperBound(this.#pfn.length, (index) => this.#pfn[index] ?? 0, pfn) - 1);
      at < this.#pfn.length;
      at++
    ) {
      const start = this.#pfn[at] ?? 0;
      const rank = this.#rank[at] ?? 0;
      const end = start + (this.#rank[at + 1] ?? this.count) - rank;
      if (start >= pfn + count) return;
      const from = Math.max(pfn, start);
      const to = Math.min(pfn + count, end);
      if (from < to) yield { pfn: from, count: to - from, rank: rank + from - start };
    }
  }
}
