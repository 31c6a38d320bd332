/** The pages that a restore would leave in memory, by PFN, in stretches that follow each other in the file too. */
import { upperBound } from '../../../lib/bisect';
import { PAGE_SIZE, tableLevel } from '../../../format/page';
import { type PageIndex, RUN_LIMIT } from '../../../scan/pages';
import type { StreamMarks } from '../../../scan/restored/ends';
import { roomForCopies, storedCopies } from '../../../scan/restored/pages';
import { MAP_LIMIT } from '../../map/cells';

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
  readonly image: StreamMarks;
}

/**
 * Yields the pages that a restore would leave in memory, in stretches within `from … to`. PFNs of 16 TiB and more,
 * which only a damaged list has, are left out.
 */
export function* stretches(file: Pages, from = 0, to = MAP_LIMIT): Generator<Stretch> {
  for (const { pfn, count, offset } of stretchesIn(file, from, to, false)) yield { pfn, count, offset };
}

/** Yields all pages that a restore would leave in memory, in stretches of one level each. */
export const levelStretches = (file: Pages): Generator<LevelStretch> => stretchesIn(file, 0, MAP_LIMIT, true);

/** Stretches of pages within `from … to`; those with levels end where the level changes. */
function* stretchesIn({ pages, image }: Pages, from: number, to: number, withLevels: boolean): Generator<LevelStretch> {
  const end = Math.min(to, pages.highest + 1, MAP_LIMIT);
  const copies = roomForCopies();
  let open: { pfn: number; count: number; offset: number; level: number } | undefined;
  for (const granule of pages.granules(Math.ceil(end / RUN_LIMIT), Math.floor(from / RUN_LIMIT))) {
    const base = granule * RUN_LIMIT;
    storedCopies(pages, image, granule, copies);
    for (let at = Math.max(0, from - base); at < Math.min(RUN_LIMIT, end - base); at++) {
      const offset = copies.offset[at] ?? -1;
      if (offset < 0) continue;
      const pfn = base + at;
      const level = withLevels ? tableLevel(copies.type[at] ?? 0) : 0;
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

  /** The PFN behind the highest; 0 where there are none. */
  get end(): number {
    const last = this.#pfn.length - 1;
    return last < 0 ? 0 : (this.#pfn[last] ?? 0) + this.count - (this.#rank[last] ?? 0);
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
