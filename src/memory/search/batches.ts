/** Pieces gathered into batches, each read into one array in the order of the search, with as few reads as it takes. */
import { type ByteSource, ReadError } from '../../source/source';
import type { Piece } from './pieces';

/** Bytes of a batch: enough for reads in a row, little enough to be still in the processor's cache when searched. */
export const BATCH_SIZE = 4 * 2 ** 20;
/** A piece of this length is worth a read of its own. */
const LARGE = 256 * 1024;
/** Smaller pieces are read together with what lies between them, if that is no more than this. */
const GAP = 32 * 1024;
/** A batch of ten million empty records would be a long list. */
const PIECE_LIMIT = 8192;
const GROUP_LIMIT = 2 * 2 ** 20;
/** Reads of one batch under way at once. */
const READS = 6;
/** What cannot be read is tried again in parts of this length, so often. */
const PART = 64 * 1024;
const PARTS_LIMIT = 256;

/** A piece and its place in the array. */
export interface Placed extends Piece {
  readonly at: number;
  failed?: true;
}

export interface Batch {
  pieces: Placed[];
  /** Bytes of all pieces. */
  readonly length: number;
  /** The next batch goes on where this one ends. */
  readonly open: boolean;
}

export interface FailedRead {
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
}

/** Cuts a sequence of pieces into batches of `size` whose bytes begin at `room` in their array. */
export function* batches(pieces: Iterable<Piece>, room: number, size = BATCH_SIZE): Generator<Batch> {
  let gathered: Placed[] = [];
  let length = 0;
  for (const piece of pieces) {
    for (let done = 0; done < piece.length;) {
      const joins = done > 0 || piece.joins;
      if (length === size || gathered.length === PIECE_LIMIT) {
        yield { pieces: gathered, length, open: joins };
        gathered = [];
        length = 0;
      }
      const some = Math.min(piece.length - done, size - length);
      gathered.push({ ...piece, offset: piece.offset + done, length: some, joins, at: room + length });
      length += some;
      done += some;
    }
  }
  if (length > 0) yield { pieces: gathered, length, open: false };
}

/** Pieces read together; `from` and `to` are file offsets. */
interface Group {
  readonly from: number;
  to: number;
  readonly pieces: Placed[];
  /** They follow each other in the array as they do in the file. */
  straight: boolean;
}

function groupsOf(pieces: readonly Placed[]): Group[] {
  const groups: Group[] = [];
  for (const piece of pieces.toSorted((one, other) => one.offset - other.offset)) {
    const end = piece.offset + piece.length;
    const group = groups.at(-1);
    const before = group?.pieces.at(-1);
    if (group && before) {
      const follows = piece.offset === group.to && piece.at === before.at + before.length;
      const small = piece.length < LARGE && before.length < LARGE;
      const near = piece.offset - group.to <= GAP && end - group.from <= GROUP_LIMIT;
      if ((follows && group.straight) || (small && near)) {
        group.straight &&= follows;
        group.to = Math.max(group.to, end);
        group.pieces.push(piece);
        continue;
      }
    }
    groups.push({ from: piece.offset, to: end, pieces: [piece], straight: true });
  }
  return groups;
}

/** Reads batches, and keeps account of what could not be read. */
export class BatchReader {
  readonly #source: ByteSource;
  /** The first of them. */
  readonly failed: FailedRead[] = [];
  failedBytes = 0;
  #parts = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Fills the array; pieces that could not be read are marked, and cut to what could not be read of them. */
  async fill(batch: Batch, into: Uint8Array): Promise<void> {
    const groups = groupsOf(batch.pieces);
    const broken: Placed[] = [];
    const work = async (): Promise<void> => {
      for (let group = groups.pop(); group; group = groups.pop()) {
        try {
          await this.#read(group, into);
        } catch (error) {
          if (!(error instanceof ReadError)) throw error;
          broken.push(...group.pieces);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(READS, groups.length) }, work));
    if (broken.length === 0) return;
    const again = new Set(broken);
    const pieces: Placed[] = [];
    for (const piece of batch.pieces) {
      if (again.has(piece)) pieces.push(...(await this.#inParts(piece, into)));
      else pieces.push(piece);
    }
    batch.pieces = pieces;
  }

  async #read({ from, to, pieces, straight }: Group, into: Uint8Array): Promise<void> {
    const at = pieces[0]?.at ?? 0;
    if (straight && this.#source.readInto) {
      await this.#source.readInto(into.subarray(at, at + to - from), from);
      return;
    }
    const bytes = await this.#source.read(from, to - from);
    if (bytes.length < to - from) throw new ReadError(from + bytes.length, 'the file ends here');
    if (straight) into.set(bytes, at);
    else for (const one of pieces) into.set(bytes.subarray(one.offset - from, one.offset - from + one.length), one.at);
  }

  async #inParts(piece: Placed, into: Uint8Array): Promise<Placed[]> {
    const parts: Placed[] = [];
    for (let done = 0; done < piece.length; done += PART) {
      const left = piece.length - done;
      const few = this.#parts++ < PARTS_LIMIT;
      const length = few ? Math.min(PART, left) : left;
      const joins = done > 0 || piece.joins;
      const part: Placed = { ...piece, offset: piece.offset + done, length, at: piece.at + done, joins };
      try {
        if (few)
          await this.#read({ from: part.offset, to: part.offset + length, pieces: [part], straight: true }, into);
        else throw new ReadError(part.offset, 'not tried: too much before could not be read');
        parts.push(part);
      } catch (error) {
        if (!(error instanceof ReadError)) throw error;
        this.#note({ offset: part.offset, length, reason: error.message });
        parts.push({ ...part, failed: true });
      }
      if (!few) break;
    }
    return parts;
  }

  #note(failed: FailedRead): void {
    this.failedBytes += failed.length;
    const last = this.failed.at(-1);
    if (last && last.offset + last.length === failed.offset && last.reason === failed.reason)
      this.failed[this.failed.length - 1] = { ...last, length: last.length + failed.length };
    else if (this.failed.length < 100) this.failed.push(failed);
  }
}
