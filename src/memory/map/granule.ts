/** What the stream says last of each page, granule by granule: the hot loop of the map, its totals and the content pass. */
import { hasPageData } from '../../format/page';
import { type PageIndex, RUN_LIMIT } from '../../scan/pages';

/** Type of PFNs that the stream never mentions. */
const NEVER = 0xff;

/**
 * PFNs alike: one type by the last mention, one number of times that content was sent, one record that the last copy
 * is in (−1 for none). What is sent only to be verified is no copy.
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

  /**
   * Goes over the PFNs of a granule. `end` is the row of the first VERIFY record: pages behind it are compared, not
   * stored, and count as no copy.
   */
  visit(granule: number, end: number, visit: VisitAlike): void {
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
    if (once) this.#plain(end, visit);
    else this.#resolve(base, end, visit);
  }

  #plain(limit: number, visit: VisitAlike): void {
    const { from, to, type, record, count } = this.#runs;
    for (let at = 0; at < count; at++) {
      const sent = hasPageData(type[at] ?? 0) && (record[at] ?? 0) < limit;
      visit(from[at] ?? 0, to[at] ?? 0, type[at] ?? 0, sent ? 1 : 0, sent ? (record[at] ?? 0) : -1);
    }
  }

  /** PFNs between two ends of runs are alike: they are worked out as one. */
  #resolve(base: number, limit: number, visit: VisitAlike): void {
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
    records.fill(-1, 0, parts);
    for (let run = 0; run < count; run++) {
      const found = type[run] ?? 0;
      const where = record[run] ?? 0;
      const first = (part[(from[run] ?? 0) - base] ?? 0) - 1;
      const end = (part[(to[run] ?? 0) - base] ?? 0) - 1;
      types.fill(found, first, end);
      if (!hasPageData(found) || where >= limit) continue;
      for (let at = first; at < end; at++) {
        sends[at] = (sends[at] ?? 0) + 1;
        records[at] = where;
      }
    }
    for (let at = 0; at < parts - 1; at++) {
      const found = types[at] ?? NEVER;
      if (found === NEVER) continue;
      visit(base + (starts[at] ?? 0), base + (starts[at + 1] ?? 0), found, sends[at] ?? 0, records[at] ?? -1);
    }
  }
}
