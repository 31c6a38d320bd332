/** Reads ahead of who asks for bytes step by step. */
import type { ByteSource } from '../source/source';
import type { Need } from './reader';

/** Hops fetched in one read: at first, and at most. */
const FIRST_GROUP = 4;
const GROUP_LIMIT = 64;
/** Such reads under way at once. */
const GROUPS = 4;
/** Guesses are made for hops only: a window that reads on is large, and long enough by itself. */
const PREDICT_LIMIT = 64 * 1024;

/**
 * Fetches what a walk asks for next, and guesses what it will ask for then. PAGE_DATA records of one size follow each
 * other at a steady stride: after two equal hops the next ones are fetched before they are needed, many in one read, and
 * twice as many each time that proves right. The check goes the same way again.
 */
export class Fetcher {
  readonly #source: ByteSource;
  readonly #ahead = new Map<number, { readonly length: number; readonly bytes: Promise<Uint8Array> }>();
  #last = 0;
  #stride = 0;
  #group = FIRST_GROUP;
  /** First offset that no guess covers yet. */
  #guessedTo = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Returns the bytes, at once where the source can; fewer than asked for at the end of the file. */
  get({ offset, length }: Need): Uint8Array | Promise<Uint8Array> {
    if (this.#source.readNow) return this.#source.readNow(offset, length);
    const stride = offset - this.#last;
    const steady = stride === this.#stride && stride > length && length <= PREDICT_LIMIT;
    this.#last = offset;
    this.#stride = stride;
    const guessed = this.#ahead.get(offset);
    this.#ahead.delete(offset);
    const right = guessed !== undefined && guessed.length >= length;
    if (!right) {
      this.#ahead.clear();
      this.#group = FIRST_GROUP;
      this.#guessedTo = offset + stride;
    }
    // A guess can have failed for the sake of another in its group: then this one is read alone.
    const alone = (): Promise<Uint8Array> => this.#source.read(offset, length);
    const bytes = right ? guessed.bytes.catch(alone) : alone();
    // Several groups are under way at once, so that nobody waits for a whole trip.
    if (steady && this.#source.readMany && this.#ahead.size <= this.#group * (GROUPS - 1)) this.#guess(length, stride);
    return bytes;
  }

  #guess(length: number, stride: number): void {
    const room = Math.floor((this.#source.size - length - this.#guessedTo) / stride) + 1;
    const count = Math.min(this.#group, room);
    if (count < 1) return;
    const offsets = Array.from({ length: count }, (_, index) => this.#guessedTo + index * stride);
    const all = this.#source.readMany?.(offsets, length);
    for (const [index, offset] of offsets.entries()) {
      const bytes = (async () => (await all)?.[index] ?? new Uint8Array(0))();
      // A guess that turns out useless must not surface as an unhandled rejection.
      bytes.catch(() => undefined);
      this.#ahead.set(offset, { length, bytes });
    }
    this.#guessedTo += count * stride;
    this.#group = Math.min(GROUP_LIMIT, this.#group * 2);
  }
}
