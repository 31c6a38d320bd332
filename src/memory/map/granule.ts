/** What the stream says last of each page, granule by granule: the hot loop of the map, its totals and the content pass. */
import { hasPageData } from '../../format/page';
import { type PageIndex, RUN_LIMIT } from '../../scan/pages';

/** Type of PFNs that the stream never mentions. */
const NEVER = 0xff;

/** What stands in place of a record where no copy of the pages is stored. */
const NO_COPY = -1;
/** What stands in place of a record where pages are only mentioned beyond what a restore takes. */
export const NOT_TAKEN = -2;

/** Rows of the index that part what counts from what does not. */
export interface GranuleEnds {
  /** The first row from which on a restore stores no pages. */
  readonly pages: number;
  /** The first row from which on pages are only sent to be verified. */
  readonly verify: number;
}

/**
 * PFNs alike: one type, by the last mention that a restore takes; one number of times that content was sent, but for
 * comparison; one record, that of the copy which a restore stores, or why there is none.
 */
export type VisitAlike = (from: number, to: number, type: number, sends: number, record: number) => void;

/** Runs of a granule, cut to it. */
class Runs {
  from = new Float64Array(64);
  to = new Float64Array(64);
  type = new Uint8Array(64);
  record = new Uint32Array(64);
  count = 0;

  add(from: number, to: number, type: number, record: number): void {
    if (this.count === this.from.length) this.#grow();
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.type[this.count] = type;
    this.record[this.count] = record;
    this.count++;
  }

  #grow(): void {
    const length = this.count * 2;
    this.from = more(new Float64Array(length), this.from);
    this.to = more(new Float64Array(length), this.to);
    this.type = more(new Uint8Array(length), this.type);
    this.record = more(new Uint32Array(length), this.record);
  }
}

function more<T extends { set(old: T): void }>(made: T, old: T): T {
  made.set(old);
  return made;
}

/** Goes over the PFNs of a granule in stretches; PFNs never mentioned are left out. */
export class GranuleReader {
  readonly #pages: PageIndex;
  readonly #runs = new Runs();
  /** Where each part starts, and for each PFN how many parts have started by then. */
  readonly #start = new Uint16Array(RUN_LIMIT + 1);
  readonly #part = new Uint16Array(RUN_LIMIT + 1);
  readonly #type = new Uint8Array(RUN_LIMIT + 1);
  readonly #sends = new Uint32Array(RUN_LIMIT + 1);
  readonly #record = new Int32Array(RUN_LIMIT + 1);

  constructor(pages: PageIndex) {
    this.#pages = pages;
  }

  /** Goes over the PFNs of a granule. */
  visit(granule: number, ends: GranuleEnds, visit: VisitAlike): void {
    const base = granule * RUN_LIMIT;
    const runs = this.#runs;
    runs.count = 0;
    // Runs that ascend mention each PFN once: nearly every granule of a plain save, and nothing to work out.
    let once = true;
    let last = 0;
    this.#pages.eachIn(granule, (pfn, count, type, record) => {
      const from = Math.max(base, pfn);
      const to = Math.min(base + RUN_LIMIT, pfn + count);
      if (from < last) once = false;
      last = to;
      runs.add(from, to, type, record);
    });
    if (once) this.#plain(ends, visit);
    else this.#resolve(base, ends, visit);
  }

  #plain(ends: GranuleEnds, visit: VisitAlike): void {
    const { from, to, type, record, count } = this.#runs;
    for (let at = 0; at < count; at++) {
      const found = type[at] ?? 0;
      const where = record[at] ?? 0;
      const hasData = hasPageData(found);
      const copy = where >= ends.pages ? NOT_TAKEN : hasData ? where : NO_COPY;
      visit(from[at] ?? 0, to[at] ?? 0, found, hasData && where < ends.verify ? 1 : 0, copy);
    }
  }

  /** PFNs between two ends of runs are alike: they are worked out as one. */
  #resolve(base: number, ends: GranuleEnds, visit: VisitAlike): void {
    const { from, to, type, record, count } = this.#runs;
    const part = this.#part.fill(0);
    for (let run = 0; run < count; run++) {
      part[(from[run] ?? 0) - base] = 1;
      part[(to[run] ?? 0) - base] = 1;
    }
    const starts = this.#start;
    let parts = 0;
    for (let at = 0; at <= RUN_LIMIT; at++) {
      if (part[at] === 1) starts[parts++] = at;
      part[at] = parts;
    }
    const [types, sends, records] = [this.#type, this.#sends, this.#record];
    types.fill(NEVER, 0, parts);
    sends.fill(0, 0, parts);
    records.fill(NOT_TAKEN, 0, parts);
    for (let run = 0; run < count; run++) {
      const found = type[run] ?? 0;
      const where = record[run] ?? 0;
      const first = (part[(from[run] ?? 0) - base] ?? 0) - 1;
      const end = (part[(to[run] ?? 0) - base] ?? 0) - 1;
      const isTaken = where < ends.pages;
      const hasData = hasPageData(found);
      const isSent = hasData && where < ends.verify;
      for (let at = first; at < end; at++) {
        const copy = records[at] ?? NOT_TAKEN;
        if (isTaken || copy === NOT_TAKEN) types[at] = found;
        if (isTaken) records[at] = hasData ? where : Math.max(copy, NO_COPY);
        if (isSent) sends[at] = (sends[at] ?? 0) + 1;
      }
    }
    for (let at = 0; at < parts - 1; at++) {
      const found = types[at] ?? NEVER;
      if (found === NEVER) continue;
      visit(base + (starts[at] ?? 0), base + (starts[at + 1] ?? 0), found, sends[at] ?? 0, records[at] ?? NOT_TAKEN);
    }
  }
}
