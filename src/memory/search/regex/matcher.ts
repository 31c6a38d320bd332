/**
 * Finds a regular expression, in time that grows with the bytes whatever the pattern is: one automaton finds where a
 * match ends first, a second one the match itself among the starts before that.
 */
import { type Match, type Matcher, PATTERN_LIMIT } from '../query';
import type { Wasm } from '../wasm/wasm';
import { Automaton } from './automaton';
import { Ends } from './ends';
import { needleOf } from './needle';
import { parseRegex, setOf } from './parse';
import { compile, type Program } from './program';

export class RegexMatcher implements Matcher {
  readonly longest = PATTERN_LIMIT;
  readonly #ends: Ends;
  readonly #match: Automaton;
  /** Bytes that a match can start with. */
  readonly #first: Uint8Array;

  /** Throws `PatternError`. */
  constructor(text: string, ignoreCase: boolean, wasm?: Wasm) {
    const tree = parseRegex(text, ignoreCase);
    const program = compile(tree);
    this.#ends = new Ends(program, needleOf(tree), wasm);
    this.#match = new Automaton(program, false);
    this.#first = firstBytes(program);
  }

  find(bytes: Uint8Array, from: number, until: number): Match | undefined {
    for (let at = from; at < until;) {
      const end = this.#ends.first(bytes, at, until);
      if (end < 0) return undefined;
      // A match that starts before could only end before, and none does.
      for (let start = Math.max(at, end - this.longest); start < Math.min(until, end); start++) {
        if (this.#first[bytes[start] ?? 0] === 0) continue;
        const length = this.#match.lengthAt(bytes, start, this.longest);
        if (length > 0) return { start, length };
      }
      // Too long to count: it, and all that starts within it, is done with.
      at = end;
    }
    return undefined;
  }
}

function firstBytes({ steps, start }: Program): Uint8Array {
  const seen = new Set<number>();
  const sets: Uint8Array[] = [];
  const pending = [start];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = steps[at];
    if (step?.kind === 'fork') pending.push(step.next, step.other);
    else if (step?.kind === 'byte') sets.push(step.set);
  }
  return setOf((byte) => sets.some((set) => set[byte] === 1));
}
