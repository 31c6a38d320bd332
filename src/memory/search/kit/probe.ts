/** Bytes at places of a pattern, tested in a way that vectors can test many places by, and how likely they are. */

/** 256 flags: the bytes that fit. */
export type ByteSet = Uint8Array;

/** A byte fits at a place where, masked, it is one of `low … low + span`. */
export interface Probe {
  readonly at: number;
  readonly mask: number;
  readonly low: number;
  readonly span: number;
}

/** Tells whether a byte is one of those that a probe lets through. */
export const fitsProbe = ({ mask, low, span }: Probe, byte: number): boolean =>
  (byte & mask) >= low && (byte & mask) <= low + span;

/** A guess at how common a byte is in memory: code, text, page tables, zeros. */
function commonness(byte: number): number {
  if (byte === 0) return 1000;
  if (byte === 0xff) return 200;
  if (byte === 0x20 || (byte >= 0x61 && byte <= 0x7a)) return 60;
  if (byte === 0x48 || byte === 0x89 || byte === 0x8b || byte <= 0x10) return 60;
  return byte >= 0x30 && byte <= 0x39 ? 40 : 15;
}

export const COMMONNESS: readonly number[] = Array.from({ length: 256 }, (_, byte) => commonness(byte));
const ALL = COMMONNESS.reduce((sum, one) => sum + one, 0);

/** Guesses how likely a byte of memory is to fit, 0 … 1. */
export const chanceOf = (fits: (byte: number) => boolean): number =>
  COMMONNESS.reduce((sum, one, byte) => (fits(byte) ? sum + one : sum), 0) / ALL;

/** All bits, or all but one: letters of either case differ in one. */
const MASKS = [0xff, ...Array.from({ length: 8 }, (_, bit) => 0xff & ~(1 << bit))];

/** The bits that are the same in all of them. */
const common = (bytes: readonly number[]): number => {
  const [first = 0] = bytes;
  return bytes.reduce((mask, byte) => mask & ~(byte ^ first), 0xff);
};

/** Makes the probe that all bytes of a set fit, and as few others as can be; the set has at least one. */
export function probeOf(set: ByteSet, at: number): Probe {
  const members = Array.from(set.keys()).filter((byte) => set[byte] === 1);
  let best: Probe = { at, mask: 0, low: 0, span: 0 };
  let least = 1;
  for (const mask of [common(members), ...MASKS]) {
    const masked = members.map((byte) => byte & mask);
    const low = Math.min(...masked);
    const probe = { at, mask, low, span: Math.max(...masked) - low };
    const chance = chanceOf((byte) => fitsProbe(probe, byte));
    if (chance < least) [best, least] = [probe, chance];
  }
  return best;
}
