/** What is shown of text that came out of a file. */
import { expect, test } from 'vitest';
import { fileName, visible, visibleLines } from '../../../src/lib/visible';

test.each([
  ['plain', 'name = "guest" \\ 100 %', 'name = "guest" \\ 100 %'],
  ['letters of any script', 'Größe 名前 שם · … “x” 😀 e\u0301', 'Größe 名前 שם · … “x” 😀 e\u0301'],
  ['digits grouped by thin spaces', '4\u2009202', '4\u2009202'],
  ['escape sequences', '\u001b]0;title\u0007\u001b[31m', String.raw`\u001b]0;title\u0007\u001b[31m`],
  ['C1 and delete', '\u009b31m\u0085\u007f', String.raw`\u009b31m\u0085\u007f`],
  ['bidi controls', 'a\u202eb\u202c\u2066c\u2069\u200f\u061c', String.raw`a\u202eb\u202c\u2066c\u2069\u200f\u061c`],
  [
    'what nothing is drawn for',
    '\u200b\u200d\u2060\ufeff\u00ad\u034f\u180e\u3164\u2800',
    String.raw`\u200b\u200d\u2060\ufeff\u00ad\u034f\u180e\u3164\u2800`,
  ],
  ['other spaces', 'a\u00a0b\u3000c', String.raw`a\u00a0b\u3000c`],
  ['line ends', 'a\r\nb\tc\vd\u2028e\u2029f', String.raw`a\r\nb\tc\u000bd\u2028e\u2029f`],
  ['tags and private use above U+FFFF', '\u{e0041}\u{f0000}', String.raw`\udb40\udc41\udb80\udc00`],
  ['halves of a pair', 'a\ud83db\ude00', String.raw`a\ud83db\ude00`],
])('%s', (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

/** Categories whose characters are drawn, the space, and the thin space of numbers. */
const SEEN = /^[\p{L}\p{M}\p{N}\p{P}\p{S} \u2009]$/u;
const IGNORED = /^\p{Default_Ignorable_Code_Point}$/u;

test('of all characters those that are seen stay, and JSON gives back the others', () => {
  const wrong: number[] = [];
  for (let code = 0; code <= 0x10_ffff; code++) {
    const char = String.fromCodePoint(code);
    const stays = SEEN.test(char) && !IGNORED.test(char) && code !== 0x2800;
    const shown = visible(char);
    if (stays ? shown !== char : !/^(?:\\[nrt]|(?:\\u[\da-f]{4}){1,2})$/u.test(shown)) wrong.push(code);
    else if (!stays && JSON.parse(`"${shown}"`) !== char) wrong.push(code);
  }
  expect(wrong).toEqual([]);
});

test('JSON stays JSON and means the same', () => {
  const value = { 'a\u202e': ['\u001b[31m', '\u009b', '"\\', '\u2028', '\ud800', '\u{e0041}', '\n'] };
  const shown = visible(JSON.stringify(value));
  expect(shown).toMatch(/^[ -~]*$/u);
  expect(JSON.parse(shown)).toEqual(value);
});

test('lines stay lines, and tabs are blanks up to the next eighth column', () => {
  expect(visibleLines('a\tb\n12345678\tc\r\n\u202ed')).toBe('a       b\n12345678        c\\r\n\\u202ed');
});

test('names of files', () => {
  expect(fileName('a/b\\c:d\u202e\n\u0000.bin')).toBe('a_b_c_d___.bin');
  expect(fileName('Größe 名前-1.xlsave')).toBe('Größe 名前-1.xlsave');
});
