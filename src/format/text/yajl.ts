/**
 * JSON as yajl 2 reads it for libxl: strict, but for what stands behind the first value, which is not looked at. The
 * same key may be there twice, and nesting has no limit. Source: yajl 2.1.0, src/yajl_parser.c; tools/include/libxl_json.h.
 */
import { type JsonFault, JsonKind, JsonTape } from './json-tape';
import { numberKind } from './json-scalar';
import { type Token, YajlLexer } from './yajl-lexer';

const SIMPLE: Readonly<Partial<Record<Token, JsonKind>>> = {
  'true or false': JsonKind.BOOL,
  null: JsonKind.NULL,
  string: JsonKind.STRING,
};

/** What may come next in a map or an array. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

const UNALLOWED = 'unallowed token at this point in JSON text';
const WRONG: Readonly<Record<Expected, string>> = {
  value: UNALLOWED,
  'value or ]': UNALLOWED,
  key: 'invalid object key (must be a string)',
  'key or }': 'invalid object key (must be a string)',
  ':': "object key and value must be separated by a colon (':')",
  ', or end': '',
};

/** Reads the values of a text; what is wrong with it where it is no JSON. */
export function parseYajl(text: Uint8Array): JsonTape | JsonFault {
  // yajl_complete_parse() goes on with a blank, which ends a number and cuts short what is not finished.
  const padded = new Uint8Array(text.length + 1);
  padded.set(text);
  padded[text.length] = 0x20;
  const lexer = new YajlLexer(padded);
  const tape = new JsonTape(text);
  /** Maps and arrays that are open. */
  const open: number[] = [];
  let expected: Expected = 'value';
  const parseError = (words: string): JsonFault => ({ error: `parse error: ${words}`, at: lexer.start });
  for (;;) {
    const token = lexer.next();
    if (token === 'eof') return { error: 'parse error: premature EOF', at: text.length };
    if (token === 'error') return { error: `lexical error: ${lexer.error}`, at: Math.min(lexer.at, text.length) };
    const container = open.at(-1);
    const isMap = container !== undefined && tape.kindAt(container) === JsonKind.MAP;
    let complete = false;
    if (expected === ', or end') {
      if (token === ',') expected = isMap ? 'key' : 'value';
      else if (token === (isMap ? '}' : ']')) complete = true;
      else
        return parseError(
          isMap ? "after key and value, inside map, I expect ',' or '}'" : "after array element, I expect ',' or ']'",
        );
    } else if (expected === ':') {
      if (token !== ':') return parseError(WRONG[expected]);
      expected = 'value';
    } else if (expected === 'key' || expected === 'key or }') {
      if (token === '}' && expected === 'key or }') complete = true;
      else if (token === 'string') {
        tape.add(JsonKind.STRING, lexer.start, lexer.at);
        expected = ':';
      } else return parseError(WRONG[expected]);
    } else if (token === ']' && expected === 'value or ]') complete = true;
    else if (token === '{' || token === '[') {
      open.push(tape.add(token === '{' ? JsonKind.MAP : JsonKind.ARRAY, lexer.start, lexer.at));
      expected = token === '{' ? 'key or }' : 'value or ]';
    } else if (token === '}' || token === ']' || token === ',' || token === ':') return parseError(WRONG[expected]);
    else {
      tape.add(SIMPLE[token] ?? numberKind(text, lexer.start, lexer.at), lexer.start, lexer.at);
      if (container === undefined) return tape;
      expected = ', or end';
    }
    if (complete && container !== undefined) {
      tape.close(container, lexer.at);
      open.pop();
      if (open.length === 0) return tape;
      expected = ', or end';
    }
  }
}
