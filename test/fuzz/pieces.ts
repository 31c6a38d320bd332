/**
 * A file made of pieces of another: a mutant of an image of megabytes costs as much as its changes. Counts what is
 * read of it, so that a reader that does not come to an end is caught without a clock.
 */
import { type ByteSource } from '../../src/source/source';

/** `from … to` of the base, or bytes of its own. */
export type Piece = { readonly from: number; readonly to: number } | { readonly bytes: Uint8Array };

export const sizeOf = (piece: Piece): number => ('bytes' in piece ? piece.bytes.length : piece.to - piece.from);

export class Budget extends Error {
  override readonly name = 'Budget';
}

export interface Counted extends ByteSource {
  readonly reads: () => number;
}

export function piecesSource(base: Uint8Array, pieces: readonly Piece[], readLimit: number): Counted {
  const ends: number[] = [];
  let size = 0;
  for (const piece of pieces) ends.push((size += sizeOf(piece)));
  let reads = 0;

  const readNow = (offset: number, length: number): Uint8Array => {
    if (++reads > readLimit) throw new Budget(`more than ${readLimit} reads`);
    if (offset < 0 || length < 0 || offset > size) throw new RangeError(`read of ${length} at ${offset} of ${size}`);
    const out = new Uint8Array(Math.min(length, size - offset));
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
  return { name: 'mutant', size, reads: () => reads, readNow, read: async (offset, length) => readNow(offset, length) };
}
