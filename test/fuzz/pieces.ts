/**
 * A file made of pieces of another: a mutant of an image of megabytes costs as much as its changes. Counts what is
 * read of it, so that a reader that does not come to an end is caught without a clock.
 */
import { type ByteSource } from '../../src/source/source';

/** `from … to` of the base, or bytes of its own. */
export type Piece = { readonly from: number; readonly to: number } | { readonly bytes: Uint8Array };

export const sizeOf = (piece: Piece): number => ('bytes' in piece ? piece.bytes.length : piece.to - piece.from);

export interface Budget {
  readonly reads: number;
  readonly bytes: number;
}

export function piecesSource(base: Uint8Array, pieces: readonly Piece[], budget: (size: number) => Budget): ByteSource {
  const ends: number[] = [];
  let size = 0;
  for (const piece of pieces) ends.push((size += sizeOf(piece)));
  const limit = budget(size);
  let reads = 0;
  let bytes = 0;

  const readNow = (offset: number, length: number): Uint8Array => {
    if (!(offset >= 0 && length >= 0 && offset <= size))
      throw new RangeError(`read of ${length} bytes at ${offset} of ${size}`);
    const out = new Uint8Array(Math.min(length, size - offset));
    reads++;
    bytes += out.length;
    if (reads > limit.reads || bytes > limit.bytes)
      throw new Error(`${reads} reads of ${bytes} bytes in all, out of a file of ${size}`);
    let index = ends.findIndex((end) => end > offset);
    for (let done = 0; done < out.length; index++) {
      const piece = pieces[index];
      if (!piece) throw new RangeError('pieces end early');
      const skip = offset + done - ((ends[index] ?? 0) - sizeOf(piece));
      const part = 'bytes' in piece ? piece.bytes.subarray(skip) : base.subarray(piece.from + skip, piece.to);
      const taken = part.subarray(0, out.length - done);
      out.set(taken, done);
      done += taken.length;
    }
    return out;
  };
  return { name: 'mutant', size, readNow, read: async (offset, length) => readNow(offset, length) };
}
