/** The pages of a PV guest as the stream leaves them: last type, whether they have memory, who names them. */
import { hasPageData, PageType } from '../../../format/page';
import type { PageIndex } from '../../../scan/pages';
import type { TakenRuns } from '../stored';

/** PFNs looked after: a guest of 512 GiB. A byte for each. */
const FRAME_LIMIT = 1 << 27;

const TYPE = 0x0f;
/** Some mention gave it memory. */
const POPULATED = 0x10;
/** Its last mention has content. */
const CONTENT = 0x20;
/** A page table names it: then it gets memory, if empty. */
const NAMED = 0x40;
/** Some mention has content. */
const HELD = 0x80;

/** The pages of a PV guest as the stream leaves them. */
export class Frames {
  readonly #of: Uint8Array;
  #populated = 0;
  /** How many page tables the stream leaves. */
  readonly tables: number;
  /** The guest is too large for its pages to be looked after. */
  readonly cut: boolean;

  /** `runs`: those of the index that the reader takes. */
  constructor(pages: PageIndex, runs: TakenRuns, maxPfn: number) {
    const count = Math.min(maxPfn, Math.max(0, pages.highest)) + 1;
    this.cut = count > FRAME_LIMIT;
    this.#of = new Uint8Array(Math.min(count, FRAME_LIMIT));
    for (let index = runs.from; index < runs.taken; index++) {
      const { pfn, count: some, type, offset } = pages.run(index);
      const populates = hasPageData(type) || type === PageType.XALLOC;
      const isSent = hasPageData(type) && offset >= 0;
      // What is only compared leaves the content as it is.
      const kept = isSent && index >= runs.stored ? CONTENT : 0;
      const has = isSent && index < runs.stored ? CONTENT | HELD : 0;
      const end = Math.min(pfn + some, this.#of.length);
      for (let at = pfn; at < end; at++) {
        const old = this.#of[at] ?? 0;
        const before = old & (POPULATED | NAMED | HELD);
        this.#of[at] = type | before | (old & kept) | has | (populates ? POPULATED : 0);
        if (populates && before === 0) this.#populated++;
      }
    }
    this.tables = this.#countTables();
  }

  #countTables(): number {
    let tables = 0;
    for (const one of this.#of) if ((one & CONTENT) !== 0 && (one & TYPE) !== PageType.NOTAB) tables++;
    return tables;
  }

  /** The highest PFN looked after. */
  get last(): number {
    return this.#of.length - 1;
  }

  /** Returns the last type of a page; NOTAB for one that the stream does not mention, as libxc starts with. */
  typeOf(pfn: number): number {
    return (this.#of[pfn] ?? 0) & TYPE;
  }

  /** Tells whether the last mention of a page has content. */
  hasContent(pfn: number): boolean {
    return ((this.#of[pfn] ?? 0) & CONTENT) !== 0;
  }

  /** Tells whether a page was sent with content at one time or other. */
  hadContent(pfn: number): boolean {
    return ((this.#of[pfn] ?? 0) & HELD) !== 0;
  }

  /** How many pages libxc gets memory for. */
  get populated(): number {
    return this.#populated;
  }

  /** Tells whether libxc has got memory for a page. */
  isPopulated(pfn: number): boolean {
    return ((this.#of[pfn] ?? 0) & (POPULATED | NAMED)) !== 0;
  }

  /** Notes that a page table names a page: libxc then gets memory for it. */
  name(pfn: number): void {
    if (pfn >= this.#of.length) return;
    if (!this.isPopulated(pfn)) this.#populated++;
    this.#of[pfn] = (this.#of[pfn] ?? 0) | NAMED;
  }
}
