/**
 * The page index: runs of consecutive PFNs of one type, in stream order. A PFN that was sent several times is in
 * several runs. Nothing here grows with the bytes of the file, only with how scattered its PFN lists are.
 */
import { upperBound } from '../lib/bisect';
import { PFN_ENTRY_SIZE } from '../format/libxc/page-data';
import { PAGE_SIZE } from '../format/page';
import { uint16Column, uint32Column, uint8Column, WideColumn } from '../lib/column';

/** Longest run, PFNs. Bounds how far a lookup must reach back; Xen's own batches are no longer. */
export const RUN_LIMIT = 1024;
/** Runs that the index holds at most, their bytes, and runs of PFNs that no guest has. */
const PAGE_RUN_LIMIT = 1 << 24;
const PAGE_BYTES_LIMIT = 192 * 1024 * 1024;
const FAR_RUN_LIMIT = 1 << 20;
/** PFNs that no guest has: 16 TiB and more. */
const FAR_PFN = 2 ** 32;
/** Runs between two looks at the bytes. */
const ROWS_A_LOOK = 4096;
/** Granules found by table: guests up to 16 TiB. PFNs beyond, which only a damaged list has, are searched for. */
const GRANULE_LIMIT = 1 << 22;
/** Granules that a table has for each run at most, and those that any may have: one lying PFN must not cost 16 MiB. */
const GRANULES_PER_RUN = 16;
const FEW_GRANULES = 4096;

/** Where one mention of a PFN stands in the stream. */
export interface PageOccurrence {
  readonly pfn: number;
  readonly type: number;
  /** Index of the PAGE_DATA record. */
  readonly record: number;
  /** Position in the record's PFN list. */
  readonly entry: number;
  /** File offset of the page's 4096 bytes; −1 where the type has none or the file ends before. */
  readonly offset: number;
}

/** A run in the index. */
export interface PageRun {
  readonly pfn: number;
  readonly count: number;
  readonly type: number;
  readonly record: number;
  readonly entry: number;
  readonly offset: number;
}

type RunVisit = (pfn: number, count: number, type: number, record: number, offset: number) => void;

interface Lookup {
  /** Runs that the lookup knows of. */
  readonly runs: number;
  readonly heads: Uint32Array;
  readonly list: Uint32Array;
  readonly outliers: Uint32Array;
}

/** Adds to an element, and returns what was there before. */
function bumpAt(column: Uint32Array, index: number, by: number): number {
  const before = column[index] ?? 0;
  column[index] = before + by;
  return before;
}

/** The runs of an image, as columns, and a table to find those of a page. */
export class PageIndex {
  readonly #pfn = new WideColumn();
  readonly #count = uint16Column();
  readonly #type = uint8Column();
  readonly #record = uint32Column();
  readonly #entry = uint32Column();
  /** File offset of the content, or where that of the record would go on: it ascends in a record. */
  readonly #place = new WideColumn();
  readonly #hasContent = uint8Column();
  #lastRecord = -1;
  #goesOnAt = 0;
  #lookup: Lookup | undefined;
  #highest = -1;
  #mentions = 0;
  #far = 0;
  #isFull = false;

  get runs(): number {
    return this.#pfn.length;
  }

  /** Number of PFN entries in all, repeats counted. */
  get mentions(): number {
    return this.#mentions;
  }

  /** Highest PFN mentioned, −1 for none. */
  get highest(): number {
    return this.#highest;
  }

  /** Tells whether the index was full when a run was to be added: some are left out. */
  get full(): boolean {
    return this.#isFull;
  }

  get byteLength(): number {
    const table = this.#lookup;
    const lookup = table ? table.heads.byteLength + table.list.byteLength + table.outliers.byteLength : 0;
    return this.#columnBytes + lookup;
  }

  get #columnBytes(): number {
    const columns = [this.#pfn, this.#count, this.#type, this.#record, this.#entry, this.#place, this.#hasContent];
    return columns.reduce((sum, column) => sum + column.byteLength, 0);
  }

  /** Tells whether there is room for a run; looks at the bytes now and then, as that takes longer than all else. */
  #hasRoom(pfn: number): boolean {
    if (this.runs % ROWS_A_LOOK === 0 && this.#columnBytes >= PAGE_BYTES_LIMIT) this.#isFull = true;
    if (pfn >= FAR_PFN && ++this.#far > FAR_RUN_LIMIT) this.#isFull = true;
    return !this.#isFull && this.runs < PAGE_RUN_LIMIT;
  }

  add(pfn: number, count: number, type: number, record: number, entry: number, offset: number): void {
    this.#mentions += count;
    this.#highest = Math.max(this.#highest, pfn + count - 1);
    if (!this.#hasRoom(pfn)) {
      this.#isFull = true;
      return;
    }
    this.#pfn.push(pfn);
    this.#count.push(count);
    this.#type.push(type);
    this.#record.push(record);
    this.#entry.push(entry);
    if (record !== this.#lastRecord) this.#goesOnAt = 0;
    this.#lastRecord = record;
    this.#place.push(offset >= 0 ? offset : this.#goesOnAt);
    this.#hasContent.push(offset >= 0 ? 1 : 0);
    if (offset >= 0) this.#goesOnAt = offset + count * PAGE_SIZE;
  }

  #offsetAt(index: number): number {
    return this.#hasContent.at(index) === 1 ? this.#place.at(index) : -1;
  }

  run(index: number): PageRun {
    return {
      pfn: this.#pfn.at(index),
      count: this.#count.at(index),
      type: this.#type.at(index),
      record: this.#record.at(index),
      entry: this.#entry.at(index),
      offset: this.#offsetAt(index),
    };
  }

  /** Returns how many runs stand before a record. */
  runsBefore(record: number): number {
    return upperBound(this.runs, (index) => this.#record.at(index), record - 1);
  }

  /** Returns the runs of one PAGE_DATA record, each made when it is asked for: a record can have millions. */
  runsOf(record: number): Iterable<PageRun> {
    const [from, to] = this.#rangeOf(record);
    const each = this.#each.bind(this, from, to);
    return { [Symbol.iterator]: each };
  }

  *#each(from: number, to: number): Generator<PageRun, void> {
    for (let index = from; index < to; index++) yield this.run(index);
  }

  /** Returns the first run of a record, and the one behind its last. */
  #rangeOf(record: number): readonly [from: number, to: number] {
    return [this.runsBefore(record), this.runsBefore(record + 1)];
  }

  /**
   * Returns the PFN whose list entry or content has the byte at a file offset, in a PAGE_DATA record whose list starts at
   * `list`; −1 for none.
   */
  pfnAt(record: number, list: number, offset: number): number {
    const [from, to] = this.#rangeOf(record);
    const entry = Math.floor((offset - list) / PFN_ENTRY_SIZE);
    const at = from + upperBound(to - from, (index) => this.#entry.at(from + index), entry) - 1;
    if (at >= from && entry < this.#entry.at(at) + this.#count.at(at))
      return this.#pfn.at(at) + entry - this.#entry.at(at);
    const run = this.contentAt(record, offset);
    return run ? run.pfn + Math.floor((offset - run.offset) / PAGE_SIZE) : -1;
  }

  /** Returns the run of a record whose content has the byte at a file offset; undefined for none. */
  contentAt(record: number, offset: number): PageRun | undefined {
    const [from, to] = this.#rangeOf(record);
    const at = from + upperBound(to - from, (index) => this.#place.at(from + index), offset) - 1;
    const run = at < from ? undefined : this.run(at);
    return run && run.offset >= 0 && offset < run.offset + run.count * PAGE_SIZE ? run : undefined;
  }

  /** Yields every mention of `pfn` from the end of the stream back: a file can mention a page millions of times. */
  *newestFirst(pfn: number): Generator<PageOccurrence> {
    const runs = this.granule(Math.floor(pfn / RUN_LIMIT));
    for (let place = runs.length - 1; place >= 0; place--) {
      const index = runs[place] ?? 0;
      const at = pfn - this.#pfn.at(index);
      if (at < 0 || at >= this.#count.at(index)) continue;
      const { type, record, entry, offset } = this.run(index);
      yield { pfn, type, record, entry: entry + at, offset: offset < 0 ? -1 : offset + at * PAGE_SIZE };
    }
  }

  /** Returns the last mention of `pfn` that counts. */
  last(pfn: number, counts: (mention: PageOccurrence) => boolean = () => true): PageOccurrence | undefined {
    for (const mention of this.newestFirst(pfn)) if (counts(mention)) return mention;
    return undefined;
  }

  /** Returns the runs that touch granule number `granule`, of `RUN_LIMIT` PFNs, in stream order. */
  granule(granule: number): Uint32Array {
    const table = this.#table();
    if (granule >= table.heads.length - 1) return this.#outliersIn(table.outliers, granule);
    return table.list.subarray(table.heads[granule], table.heads[granule + 1]);
  }

  /** Like `granule`, but passes plain numbers to `visit`: no allocation, for full passes over the index. */
  eachIn(granule: number, visit: RunVisit): void {
    for (const index of this.granule(granule)) {
      visit(
        this.#pfn.at(index),
        this.#count.at(index),
        this.#type.at(index),
        this.#record.at(index),
        this.#offsetAt(index),
      );
    }
  }

  /** Yields the granules `from … limit` that have runs, ascending, without going through those before a PFN that lies far off. */
  *granules(limit: number, from = 0): Generator<number> {
    const { heads, outliers } = this.#table();
    const inTable = Math.min(limit, heads.length - 1);
    for (let granule = from; granule < inTable; granule++) {
      if (heads[granule + 1] !== heads[granule]) yield granule;
    }
    const beyond = new Set<number>();
    for (const index of outliers) {
      const pfn = this.#pfn.at(index);
      for (const at of [pfn, pfn + this.#count.at(index) - 1]) {
        const granule = Math.floor(at / RUN_LIMIT);
        if (granule >= Math.max(from, inTable) && granule < limit) beyond.add(granule);
      }
    }
    yield* [...beyond].toSorted((one, other) => one - other);
  }

  /** Returns those of the outliers, which stand in the order of their PFNs, that touch a granule; again in stream order. */
  #outliersIn(outliers: Uint32Array, granule: number): Uint32Array {
    const granuleOf = (index: number): number => Math.floor(this.#pfn.at(outliers[index] ?? 0) / RUN_LIMIT);
    // No run is longer than a granule: one that reaches in starts in the granule before.
    const from = upperBound(outliers.length, granuleOf, granule - 2);
    return outliers.slice(from, upperBound(outliers.length, granuleOf, granule)).toSorted();
  }

  /** Returns the table from granules to runs: one counting sort, made when first asked for and again when the index has grown. */
  #table(): Lookup {
    if (this.#lookup && this.#lookup.runs === this.runs) return this.#lookup;
    const { runs } = this;
    const limit = Math.min(GRANULE_LIMIT, Math.max(FEW_GRANULES, runs * GRANULES_PER_RUN));
    const granules = Math.min(limit, Math.floor(Math.max(0, this.#highest) / RUN_LIMIT) + 1);
    const heads = new Uint32Array(granules + 1);
    const outliers: number[] = [];
    const span = (index: number): [number, number] => {
      const pfn = this.#pfn.at(index);
      return [Math.floor(pfn / RUN_LIMIT), Math.floor((pfn + this.#count.at(index) - 1) / RUN_LIMIT)];
    };
    for (let index = 0; index < runs; index++) {
      const [from, to] = span(index);
      if (to >= granules) outliers.push(index);
      for (let granule = from; granule <= Math.min(to, granules - 1); granule++) bumpAt(heads, granule + 1, 1);
    }
    for (let granule = 0; granule < granules; granule++) bumpAt(heads, granule + 1, heads[granule] ?? 0);
    const list = new Uint32Array(heads[granules] ?? 0);
    const next = heads.slice();
    for (let index = 0; index < runs; index++) {
      const [from, to] = span(index);
      for (let granule = from; granule <= Math.min(to, granules - 1); granule++) list[bumpAt(next, granule, 1)] = index;
    }
    const byPfn = Uint32Array.from(outliers).toSorted((a, b) => this.#pfn.at(a) - this.#pfn.at(b));
    this.#lookup = { runs, heads, list, outliers: byPfn };
    return this.#lookup;
  }
}
