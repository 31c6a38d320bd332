/**
 * Reading as the walk sees it: a generator asks for bytes by yielding, whoever drives it hands them in. So one walk
 * serves a file read at once in Node and a Blob read asynchronously in a worker.
 */

export interface Need {
  readonly offset: number;
  readonly length: number;
}

/** A computation that may ask for bytes. */
export type Reading<T> = Generator<Need, T, Uint8Array>;

/** A hop: header and PFN list of a full PAGE_DATA, with room for the next small thing. Bytes. */
const HOP = 8448;
const AHEAD_LIMIT = 1024 * 1024;

/**
 * A window over the source. A jump fetches one hop; reading on grows the window up to 1 MiB, so that runs of small
 * records cost few reads.
 */
export class Reader {
  readonly size: number;
  #base = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #ahead = HOP;

  constructor(size: number) {
    this.size = size;
  }

  /**
   * Bytes from `offset` on, fewer than `length` only at the end of the file. Valid until the next call: the buffer may
   * be reused.
   */
  *at(offset: number, length: number): Reading<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const from = offset - this.#base;
    if (from >= 0 && from + wanted <= this.#bytes.length) return this.#bytes.subarray(from, from + wanted);
    const readingOn = from >= 0 && from <= this.#bytes.length;
    this.#ahead = readingOn ? Math.min(AHEAD_LIMIT, this.#ahead * 2) : HOP;
    const bytes = yield { offset, length: Math.min(Math.max(wanted, this.#ahead), this.size - offset) };
    this.#base = offset;
    this.#bytes = bytes;
    return bytes.subarray(0, wanted);
  }
}
