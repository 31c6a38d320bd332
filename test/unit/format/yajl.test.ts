/** JSON as yajl 2.1.0 reads it for libxl; its words and verdicts are those that this library gave. */
import { expect, test } from 'vitest';
import { JsonKind, JsonTape } from '../../../src/format/text/json-tape';
import { parseYajl } from '../../../src/format/text/yajl';

const parse = (text: string): ReturnType<typeof parseYajl> => parseYajl(new TextEncoder().encode(text));
const errorOf = (text: string): string | undefined => {
  const parsed = parse(text);
  return parsed instanceof JsonTape ? undefined : parsed.error;
};

test.each([
  ['', 'parse error: premature EOF'],
  ['  ', 'parse error: premature EOF'],
  ['{', 'parse error: premature EOF'],
  ['"a', 'parse error: premature EOF'],
  ['tru', 'lexical error: invalid string in json text.'],
  ['-', 'lexical error: malformed number, a digit is required after the minus sign.'],
  ['1.', 'lexical error: malformed number, a digit is required after the decimal point.'],
  ['1e', 'lexical error: malformed number, a digit is required after the exponent.'],
  ['"\\x"', "lexical error: inside a string, '\\' occurs before a character which it may not."],
  ['"\\u12"', "lexical error: invalid (non-hex) character occurs after '\\u' inside string."],
  ['"\n"', 'lexical error: invalid character inside string.'],
  ['\u{feff}{}', 'lexical error: invalid char in json text.'],
  ['/* */ {}', 'lexical error: probable comment found in input text, comments are not enabled.'],
  ['NaN', 'lexical error: invalid char in json text.'],
  ['{1:2}', 'parse error: invalid object key (must be a string)'],
  ['{"a":1,}', 'parse error: invalid object key (must be a string)'],
  ['{"a" 1}', "parse error: object key and value must be separated by a colon (':')"],
  ['{"a":1 "b":2}', "parse error: after key and value, inside map, I expect ',' or '}'"],
  ['[1 2]', "parse error: after array element, I expect ',' or ']'"],
  ['[1,]', 'parse error: unallowed token at this point in JSON text'],
  ['[01]', "parse error: after array element, I expect ',' or ']'"],
])('%j is no JSON', (text, error) => {
  expect(errorOf(text)).toBe(error);
});

test.each(['{}', '[]', '0', '-0', '1E+2', '"a"', 'null', '{"a":{"a":1},"a":2}', '{} behind', '[]]', '\v\f[\t1\r,2 ]'])(
  '%j is JSON',
  (text) => {
    expect(errorOf(text)).toBeUndefined();
  },
);

test('bytes that are no UTF-8 are refused in strings only', () => {
  const bytes = (...codes: number[]): Uint8Array => Uint8Array.of(0x22, ...codes, 0x22);
  expect(parseYajl(bytes(0xff))).toMatchObject({ error: 'lexical error: invalid bytes in UTF8 string.', at: 1 });
  expect(parseYajl(bytes(0xc3))).toMatchObject({ error: 'lexical error: invalid bytes in UTF8 string.' });
  // Forms that are too long, and halves of surrogates, are not noticed.
  for (const good of [bytes(0xc3, 0xa9), bytes(0xc0, 0x80), bytes(0xed, 0xa0, 0x80)])
    expect(parseYajl(good)).toBeInstanceOf(JsonTape);
});

test('values stand in the order of the text, each with its place', () => {
  const tape = parse('{"a": [1, "é"], "b": true}');
  if (!(tape instanceof JsonTape)) throw new Error(tape.error);
  const rows = Array.from({ length: tape.count }, (_, index) => [
    tape.kindAt(index),
    tape.startAt(index),
    tape.endAt(index),
    tape.nextAt(index),
  ]);
  expect(rows).toEqual([
    [JsonKind.MAP, 0, 27, 7],
    [JsonKind.STRING, 1, 4, 2],
    [JsonKind.ARRAY, 6, 15, 5],
    [JsonKind.INTEGER, 7, 8, 4],
    [JsonKind.STRING, 10, 14, 5],
    [JsonKind.STRING, 17, 20, 6],
    [JsonKind.BOOL, 22, 26, 7],
  ]);
  expect([...tape.childrenOf(2)]).toEqual([3, 4]);
});

test.each([
  ['9223372036854775807', JsonKind.INTEGER],
  ['-9223372036854775808', JsonKind.INTEGER],
  ['9223372036854775808', JsonKind.OTHER_NUMBER],
  ['1.5', JsonKind.OTHER_NUMBER],
  ['1e5', JsonKind.INTEGER],
])('%s is a number of kind %i', (text, kind) => {
  const tape = parse(text);
  expect(tape instanceof JsonTape && tape.kindAt(0)).toBe(kind);
});

test('a million levels are read', () => {
  const deep = new Uint8Array(2_000_000).fill(0x5b, 0, 1_000_000).fill(0x5d, 1_000_000);
  const tape = parseYajl(deep);
  expect(tape instanceof JsonTape && tape.count).toBe(1_000_000);
  expect(parseYajl(deep.subarray(0, 1_500_000))).toMatchObject({ error: 'parse error: premature EOF' });
});
