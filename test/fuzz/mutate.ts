/** Mutants of an image: bits, bytes, lengths, counts, records moved, doubled, dropped, files cut and spliced. */
import { type Piece, sizeOf } from './pieces';
import type { Random } from './random';

/** A record or header of the seed, where changes tell most. */
export interface Spot {
  readonly offset: number;
  /** Bytes that are not page contents: header, body up to the pages. */
  readonly length: number;
  /** First byte behind it, padding and pages included. */
  readonly end: number;
}

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly spots: readonly Spot[];
}

/** Numbers that break things. */
const LIES = [0, 1, 2, 7, 8, 9, 0x7f, 0xff, 0x1000, 0xffff, 0x10_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

const whole = ({ bytes }: Seed): Piece[] => [{ from: 0, to: bytes.length }];

/** Cuts pieces at a place, so that a new one can be put there. */
function split(pieces: readonly Piece[], at: number): [before: Piece[], after: Piece[]] {
  const before: Piece[] = [];
  const after: Piece[] = [];
  let position = 0;
  for (const piece of pieces) {
    const size = sizeOf(piece);
    const cut = Math.max(0, Math.min(size, at - position));
    if (cut > 0)
      before.push(
        'bytes' in piece ? { bytes: piece.bytes.subarray(0, cut) } : { from: piece.from, to: piece.from + cut },
      );
    if (cut < size)
      after.push('bytes' in piece ? { bytes: piece.bytes.subarray(cut) } : { from: piece.from + cut, to: piece.to });
    position += size;
  }
  return [before, after];
}

function replace(pieces: readonly Piece[], at: number, removed: number, put: readonly Piece[]): Piece[] {
  const [before, rest] = split(pieces, at);
  const [, after] = split(rest, removed);
  return [...before, ...put, ...after];
}

function u32(value: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value >>> 0, true);
  return out;
}

type Change = (pieces: readonly Piece[], seed: Seed, random: Random) => Piece[];

/** A place where change tells: within the framed part of a record, seldom anywhere. */
function somewhere({ spots, bytes }: Seed, random: Random): number {
  if (random.below(20) === 0) return random.below(bytes.length);
  const { offset, length } = random.pick(spots);
  // Headers and the starts of bodies are hit more often than what lies deep inside.
  return offset + (random.below(2) === 0 ? random.below(Math.min(32, length)) : random.below(length));
}

const CHANGES: readonly Change[] = [
  // a bit
  (pieces, seed, random) => {
    const at = somewhere(seed, random);
    return replace(pieces, at, 1, [{ bytes: Uint8Array.of((seed.bytes[at] ?? 0) ^ (1 << random.below(8))) }]);
  },
  // a byte
  (pieces, seed, random) => replace(pieces, somewhere(seed, random), 1, [{ bytes: Uint8Array.of(random.below(256)) }]),
  // a number at a multiple of 4
  (pieces, seed, random) => replace(pieces, somewhere(seed, random) & ~3, 4, [{ bytes: u32(random.pick(LIES)) }]),
  // the length of a record
  (pieces, seed, random) => {
    const spot = random.pick(seed.spots);
    const lie = random.below(2) === 0 ? random.pick(LIES) : spot.end - spot.offset - 8 + random.below(33) - 16;
    return replace(pieces, spot.offset + 4, 4, [{ bytes: u32(lie) }]);
  },
  // the count at the start of a body
  (pieces, seed, random) => replace(pieces, random.pick(seed.spots).offset + 8, 4, [{ bytes: u32(random.pick(LIES)) }]),
  // the type of a record
  (pieces, seed, random) => {
    const type = random.below(4) === 0 ? random.pick(LIES) : random.below(0x14);
    return replace(pieces, random.pick(seed.spots).offset, 4, [{ bytes: u32(type) }]);
  },
  // the file cut
  (pieces, seed, random) => split(pieces, somewhere(seed, random))[0],
  // a record dropped
  (pieces, seed, random) => {
    const { offset, end } = random.pick(seed.spots);
    return replace(pieces, offset, end - offset, []);
  },
  // a record doubled, or put elsewhere
  (pieces, seed, random) => {
    const { offset, end } = random.pick(seed.spots);
    return replace(pieces, random.pick(seed.spots).offset, 0, [{ from: offset, to: end }]);
  },
  // bytes left out
  (pieces, seed, random) => replace(pieces, somewhere(seed, random), 1 + random.below(16), []),
  // bytes put in
  (pieces, seed, random) => {
    const bytes = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
    return replace(pieces, somewhere(seed, random), 0, [{ bytes }]);
  },
  // a stretch of the file over another
  (pieces, seed, random) => {
    const length = 1 + random.below(64);
    const from = Math.min(somewhere(seed, random), seed.bytes.length - length);
    return replace(pieces, somewhere(seed, random), length, [{ from, to: from + length }]);
  },
];

/** A mutant: one to four changes. */
export function mutate(seed: Seed, random: Random): Piece[] {
  let pieces: Piece[] = whole(seed);
  const times = 1 + random.below(4);
  for (let index = 0; index < times; index++) pieces = random.pick(CHANGES)(pieces, seed, random);
  return pieces;
}
