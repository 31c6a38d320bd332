/**
 * Finds where matches of a regular expression end, by an automaton to which a match may start at each byte. It is taken
 * from needle to needle where each match has one, and else over several stretches at once.
 */
import { FixedMatcher } from '../fixed-matcher';
import { PATTERN_LIMIT } from '../query';
import { STRETCHES, type Wasm } from '../wasm/wasm';
import { Automaton } from './automaton';
import type { Needle } from './needle';
import type { Program } from './program';

const { START } = Automaton;
/** No state. */
const NEVER = -1;
/** Bytes of a stretch: at least as many as a match can have, few enough to be lost when a match turns up in them. */
const STRETCH = 4 * PATTERN_LIMIT;
/** Bytes after which a match is no longer thought to be followed by the next at once. */
const CALM = 512;
/**
 * What a needle costs, and each byte that is run over because of it, as running over so many bytes in stretches. Where
 * that comes to more than the bytes that there are, needles are no help; they are tried again after so many calls.
 */
const NEEDLE_COST = 80;
const BYTE_COST = 3;
const CALLS_WITHOUT = 32;

export class Ends {
  readonly #automaton: Automaton;
  readonly #wasm: Wasm | undefined;
  readonly #needle: FixedMatcher | undefined;
  readonly #back: number;
  /** Calls for which needles are not looked for. */
  #without = 0;
  #state: number = START;

  constructor(program: Program, needle: Needle | undefined, wasm: Wasm | undefined) {
    this.#automaton = new Automaton(program, true, wasm?.table);
    this.#wasm = wasm;
    this.#needle = needle && new FixedMatcher(needle.pattern, wasm);
    this.#back = needle?.back ?? 0;
  }

  /**
   * An end of a match that starts in `from … until`, −1 for none: no match of up to `PATTERN_LIMIT` bytes ends before
   * it. There need not be one of so many bytes that ends there.
   */
  first(bytes: Uint8Array, from: number, until: number): number {
    if (this.#needle && this.#without === 0) return this.#byNeedle(this.#needle, bytes, from, until);
    this.#without = Math.max(0, this.#without - 1);
    return this.#inStretches(bytes, from, until);
  }

  #byNeedle(needle: FixedMatcher, bytes: Uint8Array, from: number, until: number): number {
    let cost = 0;
    for (let at = from; at < until; cost += NEEDLE_COST) {
      // No match is under way here, and none starts before the next needle but for what can lie between.
      const next = needle.find(bytes, at, bytes.length)?.start;
      if (next === undefined || next - this.#back >= until) break;
      const start = Math.max(at, next - this.#back);
      this.#state = START;
      at = this.#walk(bytes, start, next + 1, NEVER);
      if (this.#state >= 0 && this.#state !== START) at = this.#walk(bytes, at, bytes.length, START);
      if (this.#state < 0) return at;
      cost += BYTE_COST * (at - start);
    }
    if (cost > until - from) this.#without = CALLS_WITHOUT;
    return -1;
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
