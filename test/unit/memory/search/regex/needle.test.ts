/** What each match of a regular expression has in it: never too much, and where it is. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { hexBytes } from '../../../../../src/lib/text';
import { type Needle, needleOf } from '../../../../../src/memory/search/regex/needle';
import { parseRegex } from '../../../../../src/memory/search/regex/parse';
import { PATTERN, TEXT } from '../../../../fixtures/patterns';

const shown = (needle: Needle | undefined): string =>
  needle ? `${hexBytes(needle.pattern.value)}/${hexBytes(needle.pattern.mask)} ${needle.back}` : 'none';

describe('the needle of', () => {
  plain.each([
    ['BEGIN [A-Z]+ KEY', '424547494e2040/ffffffffffffe0 0'],
    // Any number of letters may come before the last one, which comes before the rest.
    ['[a-z]+@debian', '604064656269616e/e0ffffffffffffff 1023'],
    // The last three of up to eight letters come before the line: up to five are not in the needle.
    ['[A-Z]{3,8}_[0-9]+', '4040405f30/e0e0e0fff0 5'],
    ['(?:ab|cd)_efgh', '61605f65666768/fdf9ffffffffff 0'],
    ['(?:abc|d)?xyz_1', '78797a5f31/ffffffffff 3'],
    ['[^]{1000}[^]{22}xyz_1', '78797a5f31/ffffffffff 1022'],
    ['(?:x?yz_12){2,}', '797a5f3132/ffffffffff 1'],
    // What is repeated no times is nothing, however long it could be.
    ['(?:q+){0}xyz_1', '78797a5f31/ffffffffff 0'],
    ['[a-z]+', 'none'],
    ['.', 'none'],
    ['[^]*a[^]*', 'none'],
  ])('%s is %s', (pattern, expected) => expect(shown(needleOf(parseRegex(pattern, false)))).toBe(expected));
});

test.prop([TEXT, PATTERN], { numRuns: 2000 })('is in every match, no further from its start', (text, pattern) => {
  const needle = needleOf(parseRegex(pattern, false));
  fc.pre(needle !== undefined);
  const { value, mask } = needle.pattern;
  const fits = (at: number): boolean =>
    value.every(
      (byte, index) => at + index < text.length && (text.charCodeAt(at + index) & (mask[index] ?? 0)) === byte,
    );
  for (const { 0: match, index } of text.matchAll(new RegExp(pattern, 'gu'))) {
    const last = Math.min(needle.back, match.length - value.length);
    expect(Array.from({ length: last + 1 }, (_, at) => fits(index + at))).toContain(true);
  }
});
