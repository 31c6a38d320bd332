/**
 * Finds a regular expression, in time that grows with the bytes whatever the pattern is: one automaton finds where a
 * match ends first, a second one the match itself among the starts before that.
 */
import { type Match, type Matcher, PATTERN_LIMIT } from '../kit/query';
import type { ByteSet } from '../kit/probe';
import type { Wasm } from '../wasm/wasm';
import { Automaton } from './automaton';
import { Ends } from './ends';
import { headOf } from './head';
import { parseRegex } from './parse';
import { placesOf } from './places';
import { compile } from './program';

export class RegexMatcher implements Matcher {
  readonly longest = PATTERN_LIMIT;
  readonly #ends: Ends;
  readonly #match: Automaton;
  /** Bytes that a match can start with. */
  readonly #first: ByteSet;

  /** Throws `PatternError`. */
  constructor(text: string, ignoreCase: boolean, wasm?: Wasm) {
    const tree = parseRegex(text, ignoreCase);
    const program = compile(tree);
    const head = headOf(program);
    this.#ends = new Ends(program, placesOf(tree, head, wasm), wasm);
    this.#match = new Automaton(program, false);
    this.#first = head[0] ?? new Uint8Array(256);
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
