/**
 * Finds a fixed pattern by Horspool's algorithm, with wildcards: the byte under one chosen place of the pattern, the
 * anchor, says how far the pattern can be moved on. Where that is less than two bytes on average, the rarest byte of
 * the pattern is looked for instead. Bytes in the memory of a `Wasm` are searched by that, for the rarest bytes of the
 * pattern.
 */
import type { FixedPattern } from './pattern';
import type { Match, Matcher } from '../kit/query';
import { chanceOf, COMMONNESS, type Probe } from '../kit/probe';
import type { Wasm } from '../wasm/wasm';

/** How far back from an anchor its moves are worked out: further than that hardly any byte differs. */
const REACH = 32;
/** Average move below which looking for a single byte is faster. */
const WORTH = 2;

/** Guesses how likely a byte of memory is to fit one place of a pattern, 0 … 1. */
export const chance = ({ value, mask }: FixedPattern, at: number): number =>
  chanceOf((byte) => (byte & (mask[at] ?? 0)) === value[at]);

/** Returns for each byte under the anchor 0 if it fits there, else the least move that brings a byte under it that does. */
function movesOf({ value, mask }: FixedPattern, anchor: number): Uint8Array {
  const moves = new Uint8Array(256);
  const reach = Math.min(anchor, REACH);
  for (let byte = 0; byte < 256; byte++) {
    let move = 0;
    while (move <= reach && (byte & (mask[anchor - move] ?? 0)) !== value[anchor - move]) move++;
    moves[byte] = move;
  }
  return moves;
}

/** The least move after a byte that fits the anchor, when the pattern as a whole did not match. */
function moveAfter(pattern: FixedPattern, anchor: number, byte: number): number {
  const { value, mask } = pattern;
  const reach = Math.min(anchor, REACH);
  let move = 1;
  while (move <= reach && (byte & (mask[anchor - move] ?? 0)) !== value[anchor - move]) move++;
  return move;
}

const average = (moves: Uint8Array): number => {
  let sum = 0;
  let weight = 0;
  for (const [byte, move] of moves.entries()) {
    const common = COMMONNESS[byte] ?? 0;
    sum += move * common;
    weight += common;
  }
  return sum / weight;
};

export class FixedMatcher implements Matcher {
  readonly longest: number;
  readonly #value: Uint8Array;
  readonly #mask: Uint8Array;
  /** Places of the pattern, those that fit the fewest bytes first: the order to compare in. */
  readonly #order: Uint16Array;
  readonly #anchor: number;
  readonly #moves: Uint8Array;
  readonly #again: Uint8Array;
  /** Byte to look for at the anchor; −1 where Horspool is used. */
  readonly #single: number;

  readonly #wasm: Wasm | undefined;
  readonly #probes: readonly Probe[];

  constructor(pattern: FixedPattern, wasm?: Wasm) {
    const { value, mask } = pattern;
    this.#wasm = wasm;
    this.longest = value.length;
    this.#value = value;
    this.#mask = mask;
    const places = Array.from(value, (_, at) => at);
    this.#order = Uint16Array.from(places.toSorted((one, other) => chance(pattern, one) - chance(pattern, other)));
    this.#probes = Array.from(this.#order, (at) => ({ at, mask: mask[at] ?? 0, low: value[at] ?? 0, span: 0 }));
    const candidates = places.map((anchor) => ({ anchor, moves: movesOf(pattern, anchor) }));
    let best = { anchor: 0, moves: movesOf(pattern, 0) };
    for (const one of candidates) if (average(one.moves) > average(best.moves)) best = one;
    const rare = this.#order.find((at) => mask[at] === 0xff);
    const slow = average(best.moves) < WORTH && rare !== undefined;
    this.#anchor = slow ? rare : best.anchor;
    this.#single = slow ? (value[rare] ?? 0) : -1;
    this.#moves = slow ? new Uint8Array(0) : best.moves;
    this.#again = Uint8Array.from({ length: 256 }, (_, byte) => moveAfter(pattern, this.#anchor, byte));
  }

  find(bytes: Uint8Array, from: number, until: number): Match | undefined {
    const end = Math.min(until, bytes.length - this.longest + 1);
    const start =
      this.#wasm?.has(bytes) === true
        ? this.#byWasm(this.#wasm, bytes, from, end)
        : this.#single < 0
          ? this.#horspool(bytes, from, end)
          : this.#bySingle(bytes, from, end);
    return start < 0 ? undefined : { start, length: this.longest };
  }

  #matches(bytes: Uint8Array, start: number): boolean {
    const value = this.#value;
    const mask = this.#mask;
    const order = this.#order;
    for (let index = 0; index < order.length; index++) {
      const at = order[index] ?? 0;
      if (((bytes[start + at] ?? 0) & (mask[at] ?? 0)) !== value[at]) return false;
    }
    return true;
  }

  #byWasm(wasm: Wasm, bytes: Uint8Array, from: number, end: number): number {
    for (let at = from; at < end; at++) {
      at = wasm.find(bytes, at, end, this.#probes);
      if (at < end && this.#matches(bytes, at)) return at;
    }
    return -1;
  }

  #bySingle(bytes: Uint8Array, from: number, end: number): number {
    const anchor = this.#anchor;
    for (let at = from + anchor; at < end + anchor; at++) {
      at = bytes.indexOf(this.#single, at);
      if (at < 0 || at >= end + anchor) return -1;
      if (this.#matches(bytes, at - anchor)) return at - anchor;
    }
    return -1;
  }

  #horspool(bytes: Uint8Array, from: number, end: number): number {
    const anchor = this.#anchor;
    const moves = this.#moves;
    const last = end + anchor;
    let at = from + anchor;
    while (at < last) {
      const move = moves[bytes[at] ?? 0] ?? 0;
      if (move !== 0) at += move;
      else if (this.#matches(bytes, at - anchor)) return at - anchor;
      else at += this.#again[bytes[at] ?? 0] ?? 1;
    }
    return -1;
  }
}
