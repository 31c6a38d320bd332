/** The guest's memory as a restore of the image would leave it, by its guest-physical addresses. */
import { offsetInPage, PAGE_SIZE } from '../format/page';
import { Lru } from '../lib/lru';
import type { Blanked } from '../scan/image';
import type { PageIndex } from '../scan/pages';
import type { StreamMarks } from '../scan/restored/ends';
import { type AbsentPage, type RestoredPage, RestoredPages } from '../scan/restored/pages';
import type { ByteSource } from '../source/source';

/** A byte of guest memory: in which page, and how far into it. */
export interface PageByte {
  readonly pfn: number;
  readonly inPage: number;
}

/** Part of a stretch of memory: its bytes, or the reason why the image has none. */
export type Piece =
  | { readonly gpa: bigint; readonly length: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly gpa: bigint; readonly length: number; readonly absent: AbsentPage };

const PAGE_BITS = 12n;
/** Pages kept: walks come back to the same tables. */
const KEPT_PAGES = 256;

/** What a scan has learned of the image that decides what its memory is. */
interface About extends StreamMarks {
  readonly blanked?: Blanked;
}

/** The guest's memory: where each page stands, and its bytes. */
export class GuestMemory {
  readonly #source: ByteSource;
  readonly #pages: PageIndex;
  readonly #image: About;
  readonly #restored: RestoredPages;
  readonly #kept = new Lru<number, Uint8Array>(KEPT_PAGES);

  /** Both indexes may still be growing: every question is answered from what is known by then. */
  constructor(source: ByteSource, pages: PageIndex, image: About) {
    this.#source = source;
    this.#pages = pages;
    this.#image = image;
    this.#restored = new RestoredPages(pages, image);
  }

  /** Whether what stands in the pages is filler: no table or structure is to be read out of it. */
  get blanked(): boolean {
    return this.#image.blanked?.pages === true;
  }

  /** The PFN behind the highest that the image mentions: from it on there is nothing. */
  get end(): number {
    return this.#pages.highest + 1;
  }

  /** What a restore leaves of a page: where its bytes are, or why there are none. */
  page(pfn: number): RestoredPage {
    return this.#restored.find(pfn);
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
