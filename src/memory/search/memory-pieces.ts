/**
 * The guest's memory for a search: the pages that a restore would keep in the order of their PFNs, wherever they stand
 * in the file, and on demand the copies that newer ones have replaced, in the order of the file.
 */
import { PAGE_SIZE } from '../../format/page';
import { Lru } from '../../lib/lru';
import { type PageIndex, RUN_LIMIT } from '../../scan/pages';
import type { StreamMarks } from '../../scan/restored/ends';
import { eachStored, storedCopies } from '../../scan/restored/pages';
import type { Piece } from './pieces';

const NONE = -1;
/** Granules kept while older copies are compared with the newest. */
const KEPT = 64;

/** Collects pages into pieces as long as PFNs and offsets go on together. */
class Joiner {
  #pfn = 0;
  #offset = 0;
  #pages = 0;
  #joins = false;

  /** The piece that ends where this page begins, if it does not belong to it. */
  add(pfn: number, offset: number, pages: number): Piece | undefined {
    const nextPfn = this.#pfn + this.#pages;
    const follows = this.#pages > 0 && pfn === nextPfn;
    if (follows && offset === this.#offset + this.#pages * PAGE_SIZE && this.#pages + pages <= RUN_LIMIT) {
      this.#pages += pages;
      return undefined;
    }
    const done = this.take();
    this.#joins = follows;
    this.#pfn = pfn;
    this.#offset = offset;
    this.#pages = pages;
    return done;
  }

  take(): Piece | undefined {
    if (this.#pages === 0) return undefined;
    const page = { pfn: this.#pfn, offset: this.#offset };
    return { offset: page.offset, length: this.#pages * PAGE_SIZE, joins: this.#joins, page };
  }
}

export class MemoryPieces {
  readonly #pages: PageIndex;
  readonly #marks: StreamMarks;
  readonly #kept = new Lru<number, Float64Array>(KEPT);

  constructor(pages: PageIndex, marks: StreamMarks) {
    this.#pages = pages;
    this.#marks = marks;
  }

  /** The pages that a restore would keep, in the order of their PFNs. */
  *latest(): Generator<Piece> {
    const joiner = new Joiner();
    for (const granule of this.#pages.granules(Number.POSITIVE_INFINITY)) {
      const base = granule * RUN_LIMIT;
      const offsets = this.#offsets(granule);
      for (let at = 0; at < RUN_LIMIT;) {
        const offset = offsets[at] ?? NONE;
        let to = at + 1;
        if (offset !== NONE) {
          while (to < RUN_LIMIT && offsets[to] === offset + (to - at) * PAGE_SIZE) to++;
          const piece = joiner.add(base + at, offset, to - at);
          if (piece) yield piece;
        }
        at = to;
      }
    }
    const last = joiner.take();
    if (last) yield last;
  }

  /** Bytes of all of them, without looking where each page is: of a large guest that takes seconds. */
  latestBytes(): number {
    let pages = 0;
    const seen = new Uint8Array(RUN_LIMIT);
    for (const granule of this.#pages.granules(Number.POSITIVE_INFINITY)) {
      seen.fill(0);
      let first = true;
      eachStored(this.#pages, this.#marks, granule, (from, to) => {
        // Most have one run.
        if (first) pages += to - from;
        else for (let at = from; at < to; at++) pages += 1 - (seen[at] ?? 0);
        seen.fill(1, from, to);
        first = false;
      });
    }
    return pages * PAGE_SIZE;
  }

  /**
   * The copies that are no longer so, and those that never count. Where one was sent next to a page that is, matches
   * that reach over the border are found with the help of `margin` bytes of that page.
   */
  *older(margin: number): Generator<Piece> {
    let before: { readonly pfn: number; readonly offset: number; readonly old: boolean } | undefined;
    for (let index = 0; index < this.#pages.runs; index++) {
      const run = this.#pages.run(index);
      if (run.offset < 0) continue;
      for (let at = 0; at < run.count;) {
        const page = { pfn: run.pfn + at, offset: run.offset + at * PAGE_SIZE };
        const old = this.#isOld(page.pfn, page.offset);
        let to = at + 1;
        while (to < run.count && this.#isOld(run.pfn + to, run.offset + to * PAGE_SIZE) === old) to++;
        const follows = before !== undefined && page.pfn === before.pfn + 1;
        if (old) {
          if (before && follows && !before.old && margin > 0)
            yield {
              offset: before.offset + PAGE_SIZE - margin,
              length: margin,
              joins: false,
              page: before,
              extra: true,
            };
          yield { offset: page.offset, length: (to - at) * PAGE_SIZE, joins: follows, page };
        } else if (follows && before?.old === true && margin > 0) {
          yield { offset: page.offset, length: margin, joins: true, page, extra: true };
        }
        before = { pfn: run.pfn + to - 1, offset: run.offset + (to - 1) * PAGE_SIZE, old };
        at = to;
      }
    }
  }

  #isOld(pfn: number, offset: number): boolean {
    const granule = Math.floor(pfn / RUN_LIMIT);
    let offsets = this.#kept.get(granule);
    if (!offsets) {
      offsets = this.#offsets(granule);
      this.#kept.set(granule, offsets);
    }
    return offsets[pfn - granule * RUN_LIMIT] !== offset;
  }

  /** File offset of the copy that a restore would keep of each page of a granule; NONE for those without. */
  #offsets(granule: number): Float64Array {
    return storedCopies(this.#pages, this.#marks, granule).offset;
  }
}
