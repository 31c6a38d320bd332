/** Where bytes come from: a dropped file, a file on disk, or memory. Everything above reads through this interface. */

export interface ByteSource {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Bytes `offset … offset + length`, cut at the end of the source. Rejects with `ReadError`. The array is the
   * caller's to keep.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Several stretches of the source for little more than the price of one. In the order asked for; each `length` bytes
   * long, all within the source.
   */
  readonly readMany?: (offsets: readonly number[], length: number) => Promise<Uint8Array[]>;
  /** The same bytes as an object of the browser, of which slices can be handed on without being read. */
  readonly blob?: Blob;
  /**
   * What `read` does, into an array of the caller's, which must not reach beyond the end of the source: for readers of
   * the whole file, whom a new array for each read would cost more than the read.
   */
  readonly readInto?: (target: Uint8Array, offset: number) => Promise<void>;
  /**
   * What `read` does, at once, where the platform can. The array may be reused by the next call: copy what must last.
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
}
