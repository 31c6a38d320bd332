/**
 * The guest's memory as a restore of the image would find it: for each PFN where its bytes stand in the file, or why
 * there are none. Of several copies the last one counts. Copies after VERIFY do not, as they are only compared, nor
 * what follows the last complete checkpoint of a checkpointed stream.
 */
import { hasPageData, offsetInPage, PAGE_SIZE, PageType } from '../format/page';
import { Lru } from '../lib/lru';
import type { Blanked, PagesEnd } from '../scan/image';
import { LatestPages } from '../scan/latest-pages';
import type { PageIndex, PageOccurrence } from '../scan/pages';
import type { ByteSource } from '../source/source';

/** Why a PFN has no bytes: it is never mentioned, or only as … */
export type Absence = 'never-sent' | 'no-content' | 'broken' | 'cut-off' | 'not-restored';

export type PagePlace =
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

export interface AbsentPage {
  readonly state: 'absent';
  readonly pfn: number;
  readonly why: Absence;
  /** Type by the last mention; undefined for a PFN that is never mentioned. */
  readonly type?: number;
}

/** Part of a stretch of memory: its bytes, or the reason why the image has none. */
export type Piece =
  | { readonly gpa: bigint; readonly length: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly gpa: bigint; readonly length: number; readonly absent: AbsentPage };

const PAGE_BITS = 12n;
/** Pages kept: walks come back to the same tables. */
const KEPT_PAGES = 256;
/** Tables of granules kept, 4 KiB each, for each of the ways to look. */
const KEPT_TABLES = 1024;
/** PFNs have 52 bits in the stream. */
const PFN_LIMIT = 2 ** 52;

/** What of the image counts here. */
interface About {
  readonly pagesEnd?: PagesEnd;
  readonly blanked?: Blanked;
}

/** The mentions that count, by a table for each granule: one page may be mentioned millions of times. */
interface Mentions {
  /** State of the indexes that they hold for. */
  readonly runs: number;
  readonly end: number;
  /** Of those that a restore takes: the last with its bytes, with data by its type, and of any type. */
  readonly whole: LatestPages;
  readonly data: LatestPages;
  readonly counted: LatestPages;
  readonly any: LatestPages;
}

export class GuestMemory {
  readonly #source: ByteSource;
  readonly #pages: PageIndex;
  readonly #image: About;
  readonly #kept = new Lru<number, Uint8Array>(KEPT_PAGES);
  #mentions: Mentions | undefined;

  /** Both indexes may still be growing: every question is answered from what is known by then. */
  constructor(source: ByteSource, pages: PageIndex, image: About) {
    this.#source = source;
    this.#pages = pages;
    this.#image = image;
  }

  /** Whether what stands in the pages is filler: no table or structure is to be read out of it. */
  get blanked(): boolean {
    return this.#image.blanked?.pages === true;
  }

  /** The highest PFN that the image mentions, −1 for none: beyond it there is nothing. */
  get highest(): number {
    return this.#pages.highest;
  }

  /** Where the bytes of a page are. */
  page(pfn: number): PagePlace {
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

  #known(): Mentions {
    const pages = this.#pages;
    const end = this.#image.pagesEnd?.record ?? Number.POSITIVE_INFINITY;
    const known = this.#mentions;
    if (known?.runs === pages.runs && known.end === end) return known;
    const to = pages.runsBefore(end);
    const latest = (of: 'all' | 'data' | 'content', before: number): LatestPages =>
      new LatestPages(pages, { to: before, of }, KEPT_TABLES);
    return (this.#mentions = {
      runs: pages.runs,
      end,
      whole: latest('content', to),
      data: latest('data', to),
      counted: latest('all', to),
      any: latest('all', Number.POSITIVE_INFINITY),
    });
  }

  /** The 4096 bytes of a page; not to be changed. Rejects with `ReadError`. */
  async pageBytes({ offset }: { readonly offset: number }): Promise<Uint8Array> {
    const known = this.#kept.get(offset);
    if (known) return known;
    const bytes = await this.#source.read(offset, PAGE_SIZE);
    this.#kept.set(offset, bytes);
    return bytes;
  }

  /** A stretch of guest-physical memory, page by page. Rejects with `ReadError`. */
  async read(gpa: bigint, length: number): Promise<Piece[]> {
    const pieces: Piece[] = [];
    for (let done = 0; done < length;) {
      const at = gpa + BigInt(done);
      const from = offsetInPage(at);
      const count = Math.min(PAGE_SIZE - from, length - done);
      const page = this.page(Number(at >> PAGE_BITS));
      if (page.state === 'absent') pieces.push({ gpa: at, length: count, absent: page });
      else {
        const bytes = (await this.pageBytes(page)).slice(from, from + count);
        pieces.push({ gpa: at, length: count, offset: page.offset + from, bytes });
      }
      done += count;
    }
    return pieces;
  }
}

function whyNone({ type }: PageOccurrence): Absence {
  if (hasPageData(type)) return 'cut-off';
  return type === PageType.BROKEN ? 'broken' : 'no-content';
}
