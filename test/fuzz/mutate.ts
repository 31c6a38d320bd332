/** Mutants of an image: bits, bytes, lengths, counts, records moved, doubled, dropped, files cut and spliced. */
import { type Piece, sizeOf } from './pieces';
import type { Random } from './random';

/** A record, header or entry of the seed, where changes tell most. */
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
/** Most bytes taken over from another seed. */
const GRAFT_LIMIT = 64 * 1024;

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

/** In the byte order of most streams, seldom in the other. */
function u32(value: number, random: Random): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value >>> 0, random.below(8) !== 0);
  return out;
}

const some = (length: number, random: Random): Uint8Array =>
  Uint8Array.from({ length: 1 + random.below(length) }, () => random.below(256));

type Change = (pieces: readonly Piece[], seed: Seed, random: Random, seeds: readonly Seed[]) => Piece[];

/** A place where change tells: within the framed part of a record, seldom anywhere. */
function somewhere({ spots, bytes }: Seed, random: Random): number {
  if (random.below(20) === 0) return random.below(bytes.length);
  const { offset, length } = random.pick(spots);
  // Headers and the starts of bodies are hit more often than what lies deep inside.
  return offset + (random.below(2) === 0 ? random.below(Math.min(32, length)) : random.below(length));
}

/** The same, a multiple of `size` from the start of its record: where a number of that size stands. */
function aligned({ spots }: Seed, random: Random, size: number): number {
  const { offset, length } = random.pick(spots);
  const near = random.below(2) === 0 ? Math.min(32, length) : length;
  return offset + random.below(Math.ceil(near / size)) * size;
}

const CHANGES: readonly Change[] = [
  // a bit
  (pieces, seed, random) => {
    const at = somewhere(seed, random);
    return replace(pieces, at, 1, [{ bytes: Uint8Array.of((seed.bytes[at] ?? 0) ^ (1 << random.below(8))) }]);
  },
  // a byte
  (pieces, seed, random) => replace(pieces, somewhere(seed, random), 1, [{ bytes: Uint8Array.of(random.below(256)) }]),
  // a number of 32 bits
  (pieces, seed, random) => replace(pieces, aligned(seed, random, 4), 4, [{ bytes: u32(random.pick(LIES), random) }]),
  // a number of 64 bits: an entry of a list, an address, a register
  (pieces, seed, random) => {
    const words = [
      u32(random.pick(LIES), random),
      u32(random.below(4) === 0 ? random.next() : random.pick(LIES), random),
    ];
    return replace(
      pieces,
      aligned(seed, random, 8),
      8,
      words.map((bytes) => ({ bytes })),
    );
  },
  // the length of a record, of an entry
  (pieces, seed, random) => {
    const spot = random.pick(seed.spots);
    const lie = random.below(2) === 0 ? random.pick(LIES) : spot.end - spot.offset - 8 + random.below(33) - 16;
    return replace(pieces, spot.offset + 4, 4, [{ bytes: u32(lie, random) }]);
  },
  // the count at the start of a body
  (pieces, seed, random) => {
    const count = random.below(2) === 0 ? random.pick(LIES) : random.below(64);
    return replace(pieces, random.pick(seed.spots).offset + 8, 4, [{ bytes: u32(count, random) }]);
  },
  // the type of a record
  (pieces, seed, random) => {
    const type = random.below(4) === 0 ? random.pick(LIES) : random.below(0x14);
    return replace(pieces, random.pick(seed.spots).offset, 4, [{ bytes: u32(type, random) }]);
  },
  // the file cut
  (pieces, seed, random) => split(pieces, somewhere(seed, random))[0],
  // a record dropped
  (pieces, seed, random) => {
    const { offset, end } = random.pick(seed.spots);
    return replace(pieces, offset, end - offset, []);
  },
  // a record doubled, or put elsewhere; seldom many times
  (pieces, seed, random) => {
    const { offset, end } = random.pick(seed.spots);
    const times = random.below(8) === 0 ? 2 + random.below(100) : 1;
    const copies = Array.from({ length: times }, () => ({ from: offset, to: end }));
    return replace(pieces, random.pick(seed.spots).offset, 0, copies);
  },
  // bytes left out
  (pieces, seed, random) => replace(pieces, somewhere(seed, random), 1 + random.below(16), []),
  // bytes put in
  (pieces, seed, random) => replace(pieces, somewhere(seed, random), 0, [{ bytes: some(16, random) }]),
  // bytes written over
  (pieces, seed, random) => {
    const bytes = some(32, random);
    return replace(pieces, somewhere(seed, random), bytes.length, [{ bytes }]);
  },
  // a stretch of the file over another
  (pieces, seed, random) => {
    const length = 1 + random.below(64);
    const from = Math.max(0, Math.min(somewhere(seed, random), seed.bytes.length - length));
    return replace(pieces, somewhere(seed, random), length, [{ from, to: Math.min(from + length, seed.bytes.length) }]);
  },
  // a record of another image, or all that follows it there
  (pieces, seed, random, seeds) => {
    const { bytes, spots } = random.pick(seeds);
    const { offset, end } = random.pick(spots);
    const goesOn = random.below(2) === 0;
    const graft = bytes.subarray(offset, Math.min(goesOn ? bytes.length : end, offset + GRAFT_LIMIT));
    const at = random.pick(seed.spots).offset;
    return replace(pieces, at, goesOn ? Number.MAX_SAFE_INTEGER : 0, [{ bytes: graft }]);
  },
];

/** A mutant: mostly one change, as a reader gets far behind it; seldom up to four. */
export function mutate(seed: Seed, random: Random, seeds: readonly Seed[]): Piece[] {
  let pieces: Piece[] = whole(seed);
  const times = random.below(3) === 0 ? 2 + random.below(3) : 1;
  for (let index = 0; index < times; index++) pieces = random.pick(CHANGES)(pieces, seed, random, seeds);
  return pieces;
}
