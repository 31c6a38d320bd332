/** Where bytes come from: a dropped file, a file on disk, or memory. */
import { hex0x } from '../lib/text';

/** A file or another run of bytes that can be read anywhere. Everything above reads through this interface. */
export interface ByteSource {
  /** Name of the file, as it is shown. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /**
   * Reads the bytes `offset … offset + length`, cut at the end of the source. Rejects with `ReadError`. The array is
   * the caller's to keep.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Reads several parts of the source for little more than the price of one. They come in the order asked for; each
   * is `length` bytes long, and all are within the source.
   */
  readonly readMany?: (offsets: readonly number[], length: number) => Promise<Uint8Array[]>;
  /** The source as an object of the browser, of which slices can be handed on without being read. */
  readonly blob?: Blob;
  /**
   * Does what `read` does, into an array of the caller's, which must not reach beyond the end of the source: for readers of
   * the whole file, whom a new array for each read would cost more than the read.
   */
  readonly readInto?: (target: Uint8Array, offset: number) => Promise<void>;
  /**
   * Does what `read` does, at once, where the platform can. The array may be reused by the next call: copy what must last.
   * Throws `ReadError`.
   */
  readonly readNow?: (offset: number, length: number) => Uint8Array;
}

/** A read that failed. What could not be read is never shown as zeros. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }

  /** Says where in the file the read failed, and why: `reading at 0x1f00 failed: …`. */
  get told(): string {
    return `reading at ${hex0x(this.offset)} failed: ${this.message}`;
  }
}
