/** Regular expressions on bytes: against those of the language, where both mean the same, and hostile ones. */
import { test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { matcherOf, problemOf } from '../../../../../src/memory/search/matcher';
import { PATTERN, TEXT } from '../../../../fixtures/patterns';
import { query } from '../../../../fixtures/searching';
import { latin1 } from '../../../../fixtures/built/stream';

const found = (text: string, pattern: string, ignoreCase = false): string[] => {
  const bytes = latin1(text);
  const matcher = matcherOf(query('regex', pattern, { ignoreCase }));
  const out: string[] = [];
  for (let from = 0; ;) {
    const match = matcher.find(bytes, from, bytes.length);
    if (!match) return out;
    out.push(`${match.start}:${text.slice(match.start, match.start + match.length)}`);
    from = match.start + match.length;
  }
};

test.prop([TEXT, PATTERN], { numRuns: 3000 })(
  'finds what the regular expressions of the language find',
  (text, pattern) => {
    const plainly = Array.from(text.matchAll(new RegExp(pattern, 'gu')), ({ 0: match, index }) => `${index}:${match}`);
    expect(found(text, pattern)).toEqual(plainly);
  },
);

describe('what a pattern means', () => {
  plain.each([
    ['a\u00ffb\u0000', '[\\x80-\\xff]', ['1:\u00ff']],
    ['\u00e9t\u00e9', 'é', ['0:\u00e9', '2:\u00e9']],
    ['x\u0000\u0000y', '\\0+', ['1:\u0000\u0000']],
    ['a\nb', 'a.b', []],
    ['a\nb', 'a[^]b', ['0:a\nb']],
    ['a]b-c', '[\\]\\-]', ['1:]', '3:-']],
    ['a{b', 'a{b', ['0:a{b']],
    ['ABab', '/ab/i', ['0:AB', '2:ab']],
    ['ABab', '/ab/', ['2:ab']],
    ['abcd', 'bc|abcd', ['0:abcd']],
    ['<<a>>', '<.*?>', ['0:<<a>']],
  ])('%j with %s', (text, pattern, expected) => expect(found(text, pattern)).toEqual(expected));

  plain('letters of either case, where that is asked for', () => {
    expect(found('Ab aB', '[a]b', true)).toEqual(['0:Ab', '3:aB']);
    expect(found('xAay', '[^a]', true)).toEqual(['0:x', '3:y']);
  });

  plain.each([
    ['(a', 'a ( without its )'],
    ['a)', 'a ) without its ('],
    ['[a', 'a [ without its ]'],
    ['*a', 'nothing before the *'],
    ['a**', 'a repeat of a repeat'],
    ['a*', 'matches nothing at all, everywhere: use + instead of *'],
    ['', 'matches nothing at all, everywhere: use + instead of *'],
    ['^a', '^ has no meaning among bytes; \\^ is the character'],
    ['(a)\\1', '\\1: what a group matched cannot be asked for again'],
    ['(?=a)', '(?…) is only known as (?:…)'],
    ['\\b', '\\b is not known'],
    ['\\x4', '\\x needs two hex digits'],
    ['a\\', 'a \\ at the end'],
    ['€', '“€” is no byte: write its bytes as \\x…'],
    ['[b-a]', 'a range in [ ] that runs backwards'],
    ['a{3,2}', '{3,2}: the second number is the smaller one'],
    ['a{1001}', '{1001}: at most 1000 repeats'],
    ['(a{100}){100}', 'longer than 1024 bytes'],
    ['a(b{0,100}){100}', 'too long when its repeats are written out'],
    ['(((((((((()?)?)?)?)?)?)?)?)?)?', 'matches nothing at all, everywhere: use + instead of *'],
    ['('.repeat(60), 'too many groups within groups'],
  ])('%s: %s', (pattern, problem) => expect(problemOf(query('regex', pattern))).toBe(problem));
});

describe('hostile patterns end', () => {
  const text = `${'a'.repeat(30_000)}!`;

  plain.each([
    ['nested repeats', '(?:a+)+b', 0],
    ['alternatives that are alike', '(?:a|a|aa)+b', 0],
    ['a repeat of nothing, counted out', 'b(?:(?:(?:){1000}){1000}){1000}', 0],
    ['more states than are kept', '(?:a|b)(?:a|b){0,12}[^a]c', 0],
    ['a match that would be too long', 'a+!', 1],
  ])('%s', (_, pattern, count) => expect(found(text, pattern)).toHaveLength(count));

  plain('as many states as a pattern can have', () => {
    let seed = 1;
    const noise = Array.from({ length: 10_000 }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed >>> 31 ? 'a' : 'b';
    }).join('');
    expect(found(noise, 'a[ab]{20}c')).toEqual([]);
  });

  plain('no match is longer than 1024 bytes', () => {
    const lengths = found(text, 'a+').map((match) => match.split(':')[1]?.length);
    expect(lengths.slice(0, -1).every((length) => length === 1024)).toBe(true);
    expect(found(text, 'a+!')[0]).toBe(`${30_000 - 1023}:${'a'.repeat(1023)}!`);
    expect(found(`a${'x'.repeat(1023)}b${'x'.repeat(20)}ab`, 'a[^b]*b')).toEqual(['1045:ab']);
  });
});
