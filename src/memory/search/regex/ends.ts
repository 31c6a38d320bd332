/**
 * Finds where matches of a regular expression end, by an automaton to which a match may start at each byte. It is taken
 * from place to place where matches can only be at few, and else over several stretches at once.
 */
import { PATTERN_LIMIT } from '../kit/query';
import { STRETCHES, type Wasm } from '../wasm/wasm';
import { Automaton } from './automaton';
import type { Places } from './places';
import type { Program } from './program';

const { START } = Automaton;
/** No state. */
const NEVER = -1;
/** Bytes of a stretch: at least as many as a match can have, few enough to be lost when a match turns up in them. */
const STRETCH = 4 * PATTERN_LIMIT;
/** Bytes after which a match is no longer thought to be followed by the next at once. */
const CALM = 512;
/**
 * What a place costs, and each byte that is run over because of it, as running over so many bytes in stretches. Where
 * that comes to so much more than what was passed over, as in text, places are no help: what follows is run over in
 * stretches, at least and at most so many bytes of it, before they are tried again.
 */
const PLACE_COST = 80;
const BYTE_COST = 3;
const PATIENCE = 4096;
const WITHOUT = { least: 32 * 1024, most: 2 ** 20 } as const;

export class Ends {
  readonly #automaton: Automaton;
  readonly #wasm: Wasm | undefined;
  readonly #places: Places | undefined;
  /** Bytes for which places are not looked for, and how many it will be the next time. */
  #without = 0;
  #spell: number = WITHOUT.least;
  #debt = 0;
  #state: number = START;

  constructor(program: Program, places: Places | undefined, wasm: Wasm | undefined) {
    this.#automaton = new Automaton(program, true, wasm?.table);
    this.#wasm = wasm;
    this.#places = places;
  }

  /**
   * An end of a match that starts in `from … until`, −1 for none: no match of up to `PATTERN_LIMIT` bytes ends before
   * it. There need not be one of so many bytes that ends there.
   */
  first(bytes: Uint8Array, from: number, until: number): number {
    if (!this.#places) return this.#inStretches(bytes, from, until);
    for (let at = from; at < until;) {
      if (this.#without === 0) {
        at = this.#byPlaces(this.#places, bytes, at, until);
        if (this.#state < 0) return at;
      } else {
        const to = Math.min(until, at + this.#without);
        const end = this.#inStretches(bytes.subarray(0, to + PATTERN_LIMIT), at, to);
        this.#without = Math.max(0, this.#without - (end < 0 ? to : end) + at);
        if (end >= 0) return end;
        at = to;
      }
    }
    return -1;
  }

  /** Returns how far places were of use; or, where a match ends, behind its last byte. */
  #byPlaces({ back, next }: Places, bytes: Uint8Array, from: number, until: number): number {
    for (let at = from; at < until;) {
      this.#state = START;
      // No match is under way here, and none starts before the next place but for what can lie between.
      const place = next(bytes, at);
      if (place < 0 || place - back >= until) break;
      const start = Math.max(at, place - back);
      if (start - at > PATIENCE) this.#spell = WITHOUT.least;
      const debt = this.#debt - (start - at) + PLACE_COST;
      at = this.#walk(bytes, start, place + 1, NEVER);
      if (this.#state >= 0 && this.#state !== START) at = this.#walk(bytes, at, bytes.length, START);
      if (this.#state < 0) return at;
      this.#debt = Math.max(0, debt + BYTE_COST * (at - start));
      if (this.#debt < PATIENCE) continue;
      this.#debt = 0;
      this.#without = this.#spell;
      this.#spell = Math.min(WITHOUT.most, 2 * this.#spell);
      return at;
    }
    return until;
  }

  #inStretches(bytes: Uint8Array, from: number, until: number): number {
    let calm = from + CALM;
    this.#state = START;
    for (let at = from; at < bytes.length;) {
      if (this.#state === START) {
        if (at >= until) return -1;
        const length = Math.min(STRETCH, Math.floor((until - at) / STRETCHES));
        const fits = length >= PATTERN_LIMIT && this.#wasm?.has(bytes) === true && this.#automaton.resets === 0;
        if (!fits) calm = until;
        else if (at >= calm) {
          const after = this.#stretches(this.#wasm, bytes, at, length);
          if (after === undefined) {
            calm = at + STRETCHES * length;
            this.#state = START;
          } else at = after;
        }
      }
      // To the next place where no match is under way.
      if (at < calm) at = this.#walk(bytes, at, Math.min(bytes.length, calm), NEVER);
      else if (this.#state !== START) at = this.#walk(bytes, at, bytes.length, START);
      if (this.#state < 0) return at;
    }
    return -1;
  }

  /**
   * Runs over stretches from `at` on, where no match is under way. Where none ends in any of them, returns where they
   * end, and leaves the state there; undefined where one does, or where that is not known.
   */
  #stretches(wasm: Wasm, bytes: Uint8Array, at: number, length: number): number | undefined {
    const { states } = wasm;
    states.fill(START);
    for (let done = 0; ; done++) {
      done = wasm.walkApart(bytes, at + done, at + length, length) - at;
      if (done >= length) break;
      // The bytes of which a transition was not known, or at which a match ends.
      for (let index = 0; index < STRETCHES; index++) {
        const next = this.#automaton.next(states[index] ?? START, bytes[at + done + index * length] ?? 0);
        if (next < 0 || this.#automaton.resets > 0) return undefined;
        states[index] = next;
      }
    }
    const after = Array.from(states);
    // What is under way at the end of a stretch goes on in the next one, but no further than a match can.
    for (const [index, state] of after.entries()) {
      this.#state = state;
      const end = at + (index + 1) * length;
      if (index === STRETCHES - 1) return end;
      if (state !== START) this.#walk(bytes, end, end + PATTERN_LIMIT - 1, START);
      if (this.#state < 0 || this.#automaton.resets > 0) return undefined;
    }
    return undefined;
  }

  /**
   * Runs to `end`, up to state `stop`, or behind the byte with which a match ends: that state is the complement of one.
   * Returns where.
   */
  #walk(bytes: Uint8Array, from: number, end: number, stop: number): number {
    const wasm = this.#wasm?.has(bytes) === true ? this.#wasm : undefined;
    for (let at = from; at < end;) {
      if (wasm) {
        wasm.states[0] = this.#state;
        at = wasm.walk(bytes, at, end, stop);
        this.#state = wasm.states[0] ?? START;
        if (at >= end || (at > from && this.#state === stop)) return at;
      }
      this.#state = this.#automaton.next(this.#state, bytes[at] ?? 0);
      at++;
      if (this.#state < 0 || this.#state === stop) return at;
    }
    return end;
  }
}
