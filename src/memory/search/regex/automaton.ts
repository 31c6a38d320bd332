/**
 * The program as a deterministic automaton, made state by state as bytes ask for them. Each byte then costs one look-up
 * whatever the pattern; a pattern with too many states makes them anew, which is slow but never hangs.
 */
import { STATE_LIMIT } from '../wasm/run';
import type { Program } from './program';

/** A state is the offset of its 256 transitions in a table of integers of 4 bytes. */
const STATE_SHIFT = 10;
const WORD_SHIFT = 2;
/** No complement of a state. */
const UNKNOWN = -0x8000_0000;

export class Automaton {
  readonly #program: Program;
  /** Whether a match may start at each byte, or only at the first. */
  readonly #anywhere: boolean;
  #table: Int32Array;
  /** Steps that a state stands for, the preferred ones first. */
  #states: Uint16Array[] = [];
  readonly #ids = new Map<string, number>();
  readonly #seen: Uint32Array;
  /** No step, but a mark for states in which none but the first bytes of a match can come. */
  readonly #idle: number;
  #round = 0;
  /** How often states were given up: those from before stand for nothing any more. */
  resets = 0;

  /** `table` has room for all states that are kept; without one there is one that grows. */
  constructor(program: Program, anywhere: boolean, table?: Int32Array) {
    this.#program = program;
    this.#anywhere = anywhere;
    this.#table = table ?? new Int32Array(64 * 256);
    this.#seen = new Uint32Array(program.steps.length);
    this.#idle = program.steps.length;
    this.#reset();
  }

  /** The state that leads nowhere. With `anywhere`, the start is never left for it. */
  static readonly DEAD = 0;
  /** The state in which no match is under way, with `anywhere`. Where one is that can go on just as one can start, it is another. */
  static readonly START = 1 << STATE_SHIFT;

  /**
   * The state after a byte: `state`, or `~state` for one in which a match has ended. States hold until the next call
   * with a byte that the table does not know.
   */
  next(state: number, byte: number): number {
    const known = this.#table[(state >> WORD_SHIFT) + byte] ?? UNKNOWN;
    return known === UNKNOWN ? this.#make(state, byte) : known;
  }

  /** Length of the preferred match at `from` of at most `limit` bytes; 0 for none. */
  lengthAt(bytes: Uint8Array, from: number, limit: number): number {
    const end = Math.min(bytes.length, from + limit);
    let state = Automaton.START;
    let length = 0;
    for (let at = from; at < end && state !== Automaton.DEAD; at++) {
      const next = this.next(state, bytes[at] ?? 0);
      if (next < 0) length = at + 1 - from;
      state = next < 0 ? ~next : next;
    }
    return length;
  }

  #reset(): void {
    this.#states = [];
    this.#ids.clear();
    this.#table.fill(UNKNOWN);
    this.#idOf([]);
    this.#round++;
    const start: number[] = [];
    this.#follow(this.#program.start, start);
    this.#idOf(this.#anywhere ? [...start, this.#idle] : start);
  }

  #idOf(steps: readonly number[]): number {
    const of = Uint16Array.from(steps);
    // Any order will do where no match is preferred to another: so there are fewer states.
    if (this.#anywhere) of.sort();
    const key = String.fromCharCode(...of);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.push(of) - 1;
    this.#ids.set(key, id);
    if ((id + 1) * 256 > this.#table.length) {
      const larger = new Int32Array(this.#table.length * 2).fill(UNKNOWN);
      larger.set(this.#table);
      this.#table = larger;
    }
    return id;
  }

  /** Works out a transition, for all the bytes that do the same. */
  #make(state: number, byte: number): number {
    const from = this.#states[state >> STATE_SHIFT] ?? new Uint16Array(0);
    const steps: number[] = [];
    let ends = false;
    this.#round++;
    for (const at of from) {
      const step = this.#program.steps[at];
      if (step?.kind !== 'byte' || step.set[byte] === 0) continue;
      // What is preferred less than a match that has ended does not count any more.
      ends = this.#follow(step.next, steps) && !this.#anywhere;
      if (ends) break;
    }
    const matched = this.#anywhere ? steps.includes(0) : ends;
    if (this.#anywhere) {
      const idle = !steps.some((at) => at > 0);
      this.#follow(this.#program.start, steps);
      if (idle) steps.push(this.#idle);
    }
    if (this.#states.length >= STATE_LIMIT) {
      this.#reset();
      this.resets++;
    }
    const id = this.#idOf(steps.filter((at) => at !== 0)) << STATE_SHIFT;
    const value = matched ? ~id : id;
    // After a reset `state` stands for other steps: then nothing is noted.
    if (this.#states[state >> STATE_SHIFT] === from) {
      const { alike } = this.#program;
      for (let other = 0; other < 256; other++)
        if (alike[other] === alike[byte]) this.#table[(state >> WORD_SHIFT) + other] = value;
    }
    return value;
  }

  /** Adds the bytes that can come next from a step on, by preference; true once a match has ended. */
  #follow(start: number, into: number[]): boolean {
    const pending = [start];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (this.#seen[at] === this.#round) continue;
      this.#seen[at] = this.#round;
      const step = this.#program.steps[at];
      if (step?.kind === 'fork') pending.push(step.other, step.next);
      else into.push(at);
      if (step?.kind === 'match' && !this.#anywhere) return true;
    }
    return false;
  }
}
