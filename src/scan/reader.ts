/**
 * Reading as the walk sees it: a generator asks for bytes by yielding, whoever drives it hands them in. So one walk
 * serves a file read at once in Node and a Blob read asynchronously in a worker.
 */

/** Bytes of the file that a computation waits for. */
export interface Need {
  readonly offset: number;
  readonly length: number;
}

/** A computation that may ask for bytes. */
export type Reading<T> = Generator<Need, T, Uint8Array>;

/** How many bytes a read fetches at least: `hop` after a jump, up to `limit` when reading on. */
export interface ReaderWindow {
  readonly hop: number;
  readonly limit: number;
}

/** A hop holds the header and PFN list of a full PAGE_DATA, with room for the next small thing. */
const WINDOW: ReaderWindow = { hop: 8448, limit: 1024 * 1024 };
const NOTHING = new Uint8Array(0);

/**
 * A window over the source. A jump fetches one hop; reading on grows the window up to its limit, so that runs of small
 * records cost few reads.
 */
export class Reader {
  readonly size: number;
  readonly #window: ReaderWindow;
  #base = 0;
  #bytes: Uint8Array = NOTHING;
  /** The bytes are a copy. */
  #isOwn = true;
  #ahead: number;

  constructor(size: number, window = WINDOW) {
    this.size = size;
    this.#window = window;
    this.#ahead = window.hop;
  }

  /** Returns the bytes if the window has all of them, and spares the hot loop a generator. Valid until the next call. */
  near(offset: number, length: number): Uint8Array | undefined {
    const from = offset - this.#base;
    return from >= 0 && from + length <= this.#bytes.length ? this.#bytes.subarray(from, from + length) : undefined;
  }

  /**
   * Reads bytes from `offset` on, fewer than `length` only at the end of the file. Valid until the next call: the buffer may
   * be reused.
   */
  *at(offset: number, length: number): Reading<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    if (wanted === 0) return NOTHING;
    const near = this.near(offset, wanted);
    if (near) return near;
    const from = offset - this.#base;
    const readingOn = from >= 0 && from <= this.#bytes.length;
    const { hop, limit } = this.#window;
    this.#ahead = readingOn ? Math.min(limit, this.#ahead * 2) : hop;
    const bytes = yield { offset, length: Math.min(Math.max(wanted, this.#ahead), this.size - offset) };
    this.#base = offset;
    this.#bytes = bytes;
    this.#isOwn = false;
    return bytes.subarray(0, wanted);
  }

  /** Reads bytes past the window, those and no more: for a look elsewhere. Valid until the next call. */
  *exactly(offset: number, length: number): Reading<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    if (wanted === 0) return NOTHING;
    // The buffer of the window may be reused for it.
    if (!this.#isOwn) this.#bytes = Uint8Array.from(this.#bytes);
    this.#isOwn = true;
    return yield { offset, length: wanted };
  }
}
