/** Makes what finds a pattern out of what is asked. */
import { fixedPattern } from './fixed/pattern';
import { FixedMatcher } from './fixed/matcher';
import { type Matcher, PatternError, type Query } from './kit/query';
import { RegexMatcher } from './regex/matcher';
import type { Wasm } from './wasm/wasm';

/** Longest text of a pattern, characters: hex, an escape for each byte, and room. */
const TEXT_LIMIT = 8192;

/** Makes the matcher of a query. Throws `PatternError`. */
export function matcherOf(query: Query, wasm?: Wasm): Matcher {
  if (query.text.length > TEXT_LIMIT) throw new PatternError(`more than ${TEXT_LIMIT} characters`);
  if (query.kind !== 'regex') return new FixedMatcher(fixedPattern(query), wasm);
  const slashed = /^\/(.+)\/(i?)$/su.exec(query.text.trim());
  const text = slashed?.[1] ?? query.text;
  return new RegexMatcher(text, query.ignoreCase === true || slashed?.[2] === 'i', wasm);
}

/** Tells why a query cannot be looked for; undefined if it can. */
export function problemOf(query: Query): string | undefined {
  try {
    matcherOf(query);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
  return undefined;
}
