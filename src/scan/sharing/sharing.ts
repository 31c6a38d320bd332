/**
 * What of an image may be shared, decided once, while it is walked over, for the fingerprint and for blanked images
 * alike. Kept is what is known to be harmless: framing, and of bodies what their judges keep. Where the stream itself
 * is in doubt, so is all that seems to be in it:
 *
 * - A body counts once a record follows it, or the file ends right behind it: else its length is wrong, or bytes are
 *   missing in it, and what seems to be in it may be what follows.
 * - Records found after damage can be those of another image, in the memory of the guest. They count once they lead,
 *   without another break, to the end of the stream, or farther than a record of pages is long: there the header of the
 *   next record would have interrupted them.
 */
import { padded, RECORD_HEADER_SIZE } from '../../format/framing';
import { PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../../format/libxc/page-data';
import { PAGE_SIZE } from '../../format/page';
import { isZero, type KeptKind, type Secret, type Stretch } from '../../format/sharing/judge';
import type { FilledKind, SharingSink } from './sink';

/** Pages of a batch, as all senders make them. */
const BATCH = 1024;
const BATCH_SIZE = RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE + BATCH * (PFN_ENTRY_SIZE + PAGE_SIZE);
const FIRST_ROOM = 16 * 1024;

/** Part of a body that waits for what follows it. Bytes to be kept stand in the room, `from … from + length`. */
interface Waiting {
  readonly offset: number;
  readonly length: number;
  readonly from: number;
  readonly secret: Secret | undefined;
  readonly kept: KeptKind | undefined;
  readonly filled: FilledKind;
}

/** Decides with the walk, step by step, what of an image may be shared. */
export class Sharing {
  readonly #sink: SharingSink;
  #waiting: Waiting[] = [];
  #room = new Uint8Array(FIRST_ROOM);
  #used = 0;
  /** Where the records began that are in doubt; undefined where none are. */
  #doubt: number | undefined;
  /** Longest record of pages so far. */
  #longest = BATCH_SIZE;

  constructor(sink: SharingSink) {
    this.#sink = sink;
  }

  /** Takes bytes of a header that a stream or a file starts with. */
  header(bytes: Uint8Array, offset: number, kind: KeptKind, secret?: Secret): void {
    if (bytes.length > 0) this.#sink.keep(bytes, offset, kind, secret);
  }

  /** Takes the header of a record that the walk takes for one. `sound`: its type and length are such as can be. */
  record(header: Uint8Array, offset: number, sound = true): void {
    this.#settle(sound);
    if (this.#doubt !== undefined && offset - this.#doubt > this.#longest) this.#doubt = undefined;
    this.#sink.keep(header, offset, 'framing', undefined);
  }

  /** Takes bytes of the record's body that may be shared. They are valid during the call only. */
  keep(bytes: Uint8Array, offset: number, kind: KeptKind, secret?: Secret): void {
    const { length } = bytes;
    if (length === 0) return;
    const from = this.#used;
    this.#used += length;
    if (this.#used > this.#room.length) {
      const room = new Uint8Array(Math.max(this.#used, 2 * this.#room.length));
      room.set(this.#room.subarray(0, from));
      this.#room = room;
    }
    this.#room.set(bytes, from);
    this.#waiting.push({ offset, length, from, secret, kept: kind, filled: 'damaged' });
  }

  /** Takes note of bytes that may not be shared. */
  fill(offset: number, length: number, kind: FilledKind): void {
    if (length > 0) this.#waiting.push({ offset, length, from: 0, secret: undefined, kept: undefined, filled: kind });
  }

  /** Takes the length of a record of pages whose list it agrees with. */
  pages(length: number): void {
    this.#longest = Math.max(this.#longest, RECORD_HEADER_SIZE + length);
  }

  /** Takes a body, with its padding, of which a judge keeps stretches. The bytes are valid during the call only. */
  body(bytes: Uint8Array, offset: number, length: number, stretches: readonly Stretch[]): void {
    let at = 0;
    for (const { from, to, kind, secret } of stretches) {
      this.fill(offset + at, from - at, 'unknown');
      this.keep(bytes.subarray(from, to), offset + from, kind, secret);
      at = to;
    }
    this.fill(offset + at, length - at, 'unknown');
    const padding = bytes.subarray(length, padded(length));
    if (isZero(padding, 0, padding.length)) this.keep(padding, offset + length, 'framing');
    else this.fill(offset + length, padding.length, 'unknown');
  }

  /** Takes note that the stream broke. What was in doubt is no part of it. */
  broken(): void {
    this.#settle(false);
    if (this.#doubt !== undefined) this.#sink.rollBack();
    this.#doubt = undefined;
  }

  /** Takes note that what follows from `offset` on may be no part of the stream. */
  doubt(offset: number): void {
    this.broken();
    this.#sink.mark();
    this.#doubt = offset;
  }

  /** Takes note of the end of the walk. `proper`: where a stream ends, or right behind a record. */
  end(proper: boolean): void {
    this.#settle(proper);
    if (!proper) this.broken();
    this.#doubt = undefined;
  }

  #settle(counts: boolean): void {
    if (this.#waiting.length === 0) return;
    for (const { offset, length, from, secret, kept, filled } of this.#waiting) {
      if (counts && kept) this.#sink.keep(this.#room.subarray(from, from + length), offset, kept, secret);
      else this.#sink.fill(offset, length, counts ? filled : 'damaged');
    }
    this.#waiting = [];
    this.#used = 0;
    if (this.#room.length > FIRST_ROOM * 64) this.#room = new Uint8Array(FIRST_ROOM);
  }
}
