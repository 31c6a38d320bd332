/**
 * The program as a deterministic automaton, made state by state as bytes ask for them. Each byte then costs one look-up
 * whatever the pattern; a pattern with too many states makes them anew, which is slow but never hangs.
 */
import type { Matcher } from '../query';
import type { Program } from './program';

/** States kept: 1 KiB each. */
const STATE_LIMIT = 2048;
/** No complement of a state. */
const UNKNOWN = -0x8000_0000;

export class Automaton {
  readonly #program: Program;
  /** Whether a match may start at each byte, or only at the first. */
  readonly #anywhere: boolean;
  #table = new Int32Array(64 * 256).fill(UNKNOWN);
  /** Steps that a state stands for, the preferred ones first. */
  #states: (readonly number[])[] = [];
  readonly #ids = new Map<string, number>();
  readonly #seen: Uint32Array;
  #round = 0;

  constructor(program: Program, anywhere: boolean) {
    this.#program = program;
    this.#anywhere = anywhere;
    this.#seen = new Uint32Array(program.steps.length);
    this.#reset();
  }

  /** The state that leads nowhere. With `anywhere`, the start is never left for it. */
  static readonly DEAD = 0;
  static readonly START = 1;

  /**
   * The state after a byte: `state`, or `~state` for one in which a match has ended. Numbers hold until the next call
   * with a byte that the table does not know.
   */
  next(state: number, byte: number): number {
    const known = this.#table[(state << 8) | byte] ?? UNKNOWN;
    return known === UNKNOWN ? this.#make(state, byte) : known;
  }

  /** Runs over bytes until a match ends; returns where, −1 for nowhere. `prefix` finds what each match starts with. */
  firstEnd(bytes: Uint8Array, from: number, prefix: Matcher | undefined): number {
    let state = Automaton.START;
    let table = this.#table;
    for (let at = from; at < bytes.length; at++) {
      if (state === Automaton.START && prefix) {
        const next = prefix.find(bytes, at, bytes.length);
        if (!next) return -1;
        at = next.start;
      }
      const byte = bytes[at] ?? 0;
      let next = table[(state << 8) | byte] ?? UNKNOWN;
      if (next < 0) {
        if (next === UNKNOWN) next = this.#make(state, byte);
        table = this.#table;
        if (next < 0) return at + 1;
      }
      state = next;
    }
    return -1;
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
    this.#idOf(this.#anywhere ? start.toSorted((one, other) => one - other) : start);
  }

  #idOf(steps: readonly number[]): number {
    const key = String.fromCharCode(...steps);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.push(steps) - 1;
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
    const from = this.#states[state] ?? [];
    const steps: number[] = [];
    let ends = false;
    this.#round++;
    const alike = new Uint8Array(256).fill(1);
    for (const at of from) {
      const step = this.#program.steps[at];
      if (step?.kind !== 'byte') continue;
      const takes = step.set[byte] ?? 0;
      for (let other = 0; other < 256; other++) if (step.set[other] !== takes) alike[other] = 0;
      if (takes === 0 || ends) continue;
      // What is preferred less than a match that has ended does not count any more.
      ends = this.#follow(step.next, steps) && !this.#anywhere;
    }
    const matched = this.#anywhere ? steps.includes(0) : ends;
    if (this.#anywhere) this.#follow(this.#program.start, steps);
    const after = steps.filter((at) => at !== 0);
    if (this.#states.length >= STATE_LIMIT) this.#reset();
    const id = this.#idOf(this.#anywhere ? after.toSorted((one, other) => one - other) : after);
    const value = matched ? ~id : id;
    // After a reset `state` stands for other steps: then nothing is noted.
    if (this.#states[state] === from) {
      for (let other = 0; other < 256; other++) if (alike[other]) this.#table[(state << 8) | other] = value;
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
