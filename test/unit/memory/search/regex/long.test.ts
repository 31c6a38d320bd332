/**
 * Regular expressions in bytes long enough for all ways of going over them: from needle to needle, several stretches at
 * once, and byte by byte where there is no WebAssembly. Against the regular expressions of the language.
 */
import { fc, test } from '@fast-check/vitest';
import { expect, test as plain } from 'vitest';
import { matcherOf } from '../../../../../src/memory/search/matcher';
import { Wasm } from '../../../../../src/memory/search/wasm/wasm';
import { patternsOf } from '../../../../fixtures/patterns';
import { query } from '../../../../fixtures/searching';
import { latin1 } from '../../../../fixtures/built/stream';

const SIZE = 20_000;
/** As the search does it: so many bytes at a time, and those that a match can reach into. */
const SLICES = [SIZE, 8192, 4097, 1000] as const;
const REACH = 1024;

/** Room for the longest. */
const ROOM = 150_000;
const wasm = Wasm.make(2, ROOM);

function found(text: string, pattern: string, slice: number, native: boolean): string[] {
  const bytes = native ? wasm?.arrays[1]?.subarray(0, text.length) : new Uint8Array(text.length);
  if (!bytes) throw new Error('no WebAssembly here');
  bytes.set(latin1(text));
  const matcher = matcherOf(query('regex', pattern), wasm);
  const out: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const until = Math.min(bytes.length, from + slice);
    const match = matcher.find(bytes.subarray(0, until + REACH), from, until);
    if (match) out.push(`${match.start}:${text.slice(match.start, match.start + match.length)}`);
    from = match ? match.start + match.length : until;
  }
  return out;
}

/** Snippets at some places of much that matches nothing. */
const long = (filler: string, snippet: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: 100, max: SIZE }), fc.array(fc.tuple(fc.nat(SIZE), snippet), { maxLength: 30 }))
    .map(([length, snippets]) => {
      const text = Array.from({ length }, () => filler);
      for (const [at, chars] of snippets)
        for (const [index, char] of Array.from(chars).entries()) text[(at % length) + index] = char;
      return text.slice(0, length).join('');
    });
const SNIPPET = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '@'), { maxLength: 30 }).map((chars) => chars.join(''));
/** With and without a needle that is rare enough to be looked for. */
const ENDED = fc
  .tuple(
    patternsOf('a', 'b', 'c', '[ab]', '[^a\\n]', '.', '\\w', '[a-c]'),
    fc.constantFrom('', '@', 'd@', '[a-c@]+', '@b?'),
  )
  .map((two) => two.join(''));

test.prop([long('\n', SNIPPET), ENDED, fc.constantFrom(...SLICES), fc.boolean()], { numRuns: 500 })(
  'are found where the regular expressions of the language find them',
  (text, pattern, slice, native) => {
    const plainly = Array.from(text.matchAll(new RegExp(pattern, 'gu')), ({ 0: match, index }) => `${index}:${match}`);
    expect(found(text, pattern, slice, native)).toEqual(plainly);
  },
);

/** A match is what the 1024 bytes from its start hold. */
function withinReach(text: string, pattern: string): string[] {
  const regex = new RegExp(pattern, 'uy');
  const out: string[] = [];
  for (let at = 0; at < text.length; at++) {
    regex.lastIndex = 0;
    const match = regex.exec(text.slice(at, at + REACH))?.[0];
    if (match === undefined) continue;
    out.push(`${at}:${match}`);
    at += match.length - 1;
  }
  return out;
}

const MARKS = fc
  .array(fc.constantFrom('a', 'b', 'c', '!', '@'), { minLength: 1, maxLength: 4 })
  .map((chars) => chars.join(''));
const FAR = fc.constantFrom(
  'a[^b]*b',
  'a[^]*?b@',
  'a.+!',
  '[abc]x{300,}[c@]',
  'a[^]{1000}[^]{22}[^x]',
  'a[^]{1000}[^]{21}[^x]',
  '[^x][^]{500,900}[^]{122}@',
  '(?:a|b[^]{200})+x*c',
  '[^ax][^a]*!',
  'a+!|[bc]x+@',
);

test.prop([long('x', MARKS), FAR, fc.constantFrom(...SLICES), fc.boolean()], { numRuns: 250 })(
  'as long as a match can be, and longer',
  (text, pattern, slice, native) => {
    expect(found(text, pattern, slice, native)).toEqual(withinReach(text, pattern));
  },
);

/** Nothing in them is fixed: what the first bytes can be is looked for, but where that is everywhere. */
const CLASS = fc
  .tuple(
    fc.constantFrom('[a-z]', '[A-Z]', '\\d', '[0-9a-f]', '[A-Za-z]', '\\w', '[^a-z\\n-]', '(?:[a-f]|[0-4][a-z])'),
    fc.constantFrom('', '+', '*', '?', '{4}', '{2,5}', '{3,}', '+?'),
  )
  .map((two) => two.join(''));
const CLASSES = fc
  .tuple(fc.array(CLASS, { minLength: 1, maxLength: 4 }), fc.constantFrom('[a-f]', '[0-4]', '[A-C]'))
  .map(([parts, last]) => parts.join('') + last);
const WORD = fc
  .array(fc.constantFrom('a', 'b', 'f', 'x', 'A', 'C', 'Z', '0', '4', '9'), { minLength: 1, maxLength: 12 })
  .map((chars) => chars.join(''));

test.prop(
  [fc.constantFrom('\n', '-').chain((filler) => long(filler, WORD)), CLASSES, fc.constantFrom(...SLICES), fc.boolean()],
  { numRuns: 500 },
)('with nothing fixed, where matches can be at few places or at most', (text, pattern, slice, native) => {
  const plainly = Array.from(text.matchAll(new RegExp(pattern, 'gu')), ({ 0: match, index }) => `${index}:${match}`);
  expect(found(text, pattern, slice, native)).toEqual(plainly);
});

plain('a match that is under way where a slice ends, though all that can come next can come first as well', () => {
  const text = `${'x'.repeat(1000)}a`;
  for (const slice of [1, 999, 1000, 1001])
    for (const native of [true, false]) expect(found(text, '[a-z]*[a-f]', slice, native)).toEqual([`0:${text}`]);
  expect(found(`${'x'.repeat(1000)}abcd`, '[a-z]*[a-f]{4}', 1000, true)).toHaveLength(1);
});

plain('many places where matches can be and none is, then few, over and over', () => {
  const [busy, calm] = ['ab3-'.repeat(2000), '\n'.repeat(6000)];
  const text = `${(busy + calm).repeat(8)}abc123${calm}${busy}xyz789${busy}`;
  const at = 8 * (8000 + 6000);
  for (const native of [true, false])
    expect(found(text, '[a-z]{2,}\\d{3}', text.length, native)).toEqual([`${at}:abc123`, `${at + 14_006}:xyz789`]);
});

plain('more states than are kept, then none of the kind, then a match', () => {
  let seed = 1;
  const noise = Array.from({ length: 8000 }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed >>> 31 ? 'a' : 'b';
  }).join('');
  const text = `${noise}${'\n'.repeat(10_000)}a${'b'.repeat(20)}c`;
  for (const native of [true, false])
    expect(found(text, 'a[ab]{20}[c-z]', 8192, native)).toEqual([`18000:a${'b'.repeat(20)}c`]);
});
