/** Which copy of each page a restore leaves in the guest's memory, and why a page has none. */
import { hasPageData, PAGE_SIZE, PageType } from '../../format/page';
import { type PageIndex, type PageOccurrence, RUN_LIMIT } from '../pages';
import { restoreEnds, type StreamMarks } from './ends';
import { LatestPages } from './latest-pages';

/** Why a page has no bytes: it is never mentioned, only without content, or only where a restore stores nothing. */
export type Absence = 'never-sent' | 'no-content' | 'broken' | 'cut-off' | 'not-restored';

/** A page that a restore finds no bytes for. */
export interface AbsentPage {
  readonly state: 'absent';
  readonly pfn: number;
  readonly why: Absence;
  /** Type by the last mention; undefined for a PFN that is never mentioned. */
  readonly type?: number;
}

/** What a restore leaves of a page: the copy that it stores, or the reason why there is none. */
export type RestoredPage =
  | {
      readonly state: 'here';
      readonly pfn: number;
      /** Type that this copy was sent as: it says whether the saver turned the page's entries into PFNs. */
      readonly type: number;
      readonly record: number;
      /** File offset of the page's 4096 bytes. */
      readonly offset: number;
      /** A newer copy is announced, but the file ends before it. */
      readonly outdated: boolean;
    }
  | AbsentPage;

/** PFNs have 52 bits in the stream. */
const PFN_LIMIT = 2 ** 52;
/** Tables of granules kept, 4 KiB each, for each of the ways to look. */
const KEPT_TABLES = 1024;

/** The mentions that count, by a table for each granule: one page may be mentioned millions of times. */
interface Known {
  /** State of the index, and the end of what is stored, that they hold for. */
  readonly runs: number;
  readonly end: number;
  /** The last mentions that a restore takes: with its bytes, with data by its type, and of any type. */
  readonly whole: LatestPages;
  readonly data: LatestPages;
  readonly counted: LatestPages;
  /** The last of any type in the whole stream. */
  readonly any: LatestPages;
}

/** The pages of an image as a restore leaves them. Follows the index and the marks of the stream while they grow. */
export class RestoredPages {
  readonly #pages: PageIndex;
  readonly #marks: StreamMarks;
  #lasts: Known | undefined;

  constructor(pages: PageIndex, marks: StreamMarks) {
    this.#pages = pages;
    this.#marks = marks;
  }

  /** What a restore leaves of a page. */
  find(pfn: number): RestoredPage {
    if (pfn >= PFN_LIMIT) return { state: 'absent', pfn, why: 'never-sent' };
    const { whole, data, counted, any } = this.#known();
    const here = whole.get(pfn);
    if (here) {
      const { type, record, offset } = here;
      const last = data.get(pfn);
      return { state: 'here', pfn, type, record, offset, outdated: last?.offset !== offset };
    }
    const own = counted.get(pfn);
    const mention = own ?? any.get(pfn);
    if (!mention) return { state: 'absent', pfn, why: 'never-sent' };
    return { state: 'absent', pfn, why: own ? whyNone(own) : 'not-restored', type: mention.type };
  }

  #known(): Known {
    const pages = this.#pages;
    const { pages: end } = restoreEnds(this.#marks);
    const known = this.#lasts;
    if (known?.runs === pages.runs && known.end === end) return known;
    const to = pages.runsBefore(end);
    const latest = (of: 'all' | 'data' | 'content', before: number): LatestPages =>
      new LatestPages(pages, { to: before, of }, KEPT_TABLES);
    return (this.#lasts = {
      runs: pages.runs,
      end,
      whole: latest('content', to),
      data: latest('data', to),
      counted: latest('all', to),
      any: latest('all', Number.POSITIVE_INFINITY),
    });
  }
}

function whyNone({ type }: PageOccurrence): Absence {
  if (hasPageData(type)) return 'cut-off';
  return type === PageType.BROKEN ? 'broken' : 'no-content';
}

/**
 * Goes over the copies that a restore stores of the pages of a granule, in the order of the stream: of several copies of
 * a page the one visited last stays. `visit` gets which pages of the granule, `from … to` (the end excluded), the type
 * they were sent as, and the file offset of the first one's bytes.
 */
export function eachStored(
  pages: PageIndex,
  marks: StreamMarks,
  granule: number,
  visit: (from: number, to: number, type: number, offset: number) => void,
): void {
  const base = granule * RUN_LIMIT;
  const { pages: end } = restoreEnds(marks);
  pages.eachIn(granule, (pfn, count, type, record, offset) => {
    if (offset < 0 || record >= end) return;
    const from = Math.max(base, pfn);
    const to = Math.min(base + RUN_LIMIT, pfn + count);
    visit(from - base, to - base, type, offset + (from - pfn) * PAGE_SIZE);
  });
}

/** Where the pages of a granule stand that a restore stores. */
export interface StoredCopies {
  /** File offset of each page's bytes, −1 for a page that has none. */
  readonly offset: Float64Array;
  /** Type that each was sent as; meaningless for a page that has none. */
  readonly type: Uint8Array;
}

/** Makes room for the pages of one granule, to be filled by `storedCopies`. */
export const roomForCopies = (): StoredCopies => ({
  offset: new Float64Array(RUN_LIMIT),
  type: new Uint8Array(RUN_LIMIT),
});

/** Finds the copies that a restore stores of the pages of a granule; `into` is filled anew and returned. */
export function storedCopies(
  pages: PageIndex,
  marks: StreamMarks,
  granule: number,
  into: StoredCopies = roomForCopies(),
): StoredCopies {
  const { offset, type } = into;
  offset.fill(-1);
  eachStored(pages, marks, granule, (from, to, sentAs, at) => {
    for (let page = from; page < to; page++) offset[page] = at + (page - from) * PAGE_SIZE;
    type.fill(sentAs, from, to);
  });
  return into;
}
