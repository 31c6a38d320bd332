/** JSON as json-c reads it for libxl; its words and verdicts are those that json-c 0.16 gave. */
import { expect, test } from 'vitest';
import { readConfig } from '../../../src/format/libxl/config/read';
import { parseJsonC } from '../../../src/format/text/json-c';
import { integerAt, stringAt } from '../../../src/format/text/json-scalar';
import { JsonKind, JsonTape } from '../../../src/format/text/json-tape';

const parse = (text: string): ReturnType<typeof parseJsonC> => parseJsonC(new TextEncoder().encode(text));

function tapeOf(text: string): JsonTape {
  const parsed = parse(text);
  if (!(parsed instanceof JsonTape)) throw new Error(parsed.error);
  return parsed;
}

test.each([
  ['', 'unexpected end of data'],
  ['{"a":1', 'unexpected end of data'],
  ['"a', 'unexpected end of data'],
  ['"\\u12', 'unexpected end of data'],
  ['x', 'unexpected character'],
  ['[,]', 'unexpected character'],
  ['[nul]', 'null expected'],
  ['[trux]', 'boolean expected'],
  ['[1.2.3]', 'number expected'],
  ['[-]', 'number expected'],
  ['[1 2]', "array value separator ',' expected"],
  ['{a:1}', 'quoted object property name expected'],
  ['{"a" 1}', "object property name separator ':' expected"],
  ['{"a":1 "b":2}', "object value separator ',' expected"],
  ['"\\x"', 'invalid string sequence'],
  ['[1 /x/]', 'expected comment'],
  ['['.repeat(33), 'nesting too deep'],
  ['null', 'success'],
])('%j is no JSON to json-c', (text, error) => {
  expect(parse(text)).toMatchObject({ error });
});

test.each([
  '{} behind',
  '[1,2,]',
  '{"a":1,}',
  "{'a':'b'}",
  '"a\nb"',
  '/* a ** b */ [ // c\n1]',
  '[TRUE, False, NULL]',
  '[007, 1., -.5, 1e, 1e+]',
  '[NaN, Infinity, -infinity]',
  `${'['.repeat(32)}${']'.repeat(32)}`,
])('%j is JSON to json-c', (text) => {
  expect(parse(text)).toBeInstanceOf(JsonTape);
});

test('bytes that are no UTF-8 are taken', () => {
  expect(parseJsonC(Uint8Array.of(0x22, 0xff, 0x22))).toBeInstanceOf(JsonTape);
});

test('values of json-c', () => {
  const tape = tapeOf("[007, 18446744073709551615, 'a\\nb', -Infinity]");
  const [seven = 0, big = 0, text = 0, infinite = 0] = tape.childrenOf(0);
  expect(integerAt(tape, seven)).toBe(7n);
  expect(tape.kindAt(big)).toBe(JsonKind.OTHER_NUMBER);
  expect(stringAt(tape, text)).toBe('a\nb');
  expect(integerAt(tape, infinite)).toBe(0n);
});

test('of a key that is there twice the last value counts', () => {
  const { taken, ignored } = readConfig(tapeOf('{"c_info": {"name": "a", "ssidref": 1, "name": "b"}}'), 421);
  expect(taken.c_info?.name?.value).toBe('b');
  expect(ignored.map(({ path, at }) => [path, at.offset])).toEqual([['c_info.name', 12]]);
});
