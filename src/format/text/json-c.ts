/**
 * JSON as json-c reads it for libxl 4.21 and newer, where it is there to build with: not strict. Comments, commas before
 * a closing bracket, single quotes, control characters, bytes that are no UTF-8, numbers with leading zeros and words in
 * any case are taken; of a key that is there twice the last value counts. What stands behind the first value is not
 * looked at. Source: json-c, json_tokener.c; tools/libs/light/libxl_json.c: libxl__json_parse().
 */
import { indexOfBytes } from '../../lib/bytes';
import { withoutTrailing } from '../../lib/text';
import { numberKind } from './json-scalar';
import { type JsonFault, JsonKind, JsonTape } from './json-tape';

/** Values within values that json-c follows. */
const DEPTH = 32;
const WORDS: readonly (readonly [word: string, kind: JsonKind])[] = [
  ['null', JsonKind.NULL],
  ['true', JsonKind.BOOL],
  ['false', JsonKind.BOOL],
  // libxl reads these as numbers, of which there is no digit: 0.
  ['nan', JsonKind.INTEGER],
  ['infinity', JsonKind.INTEGER],
  ['-infinity', JsonKind.INTEGER],
];
const EXPECTED: Readonly<Record<string, string>> = {
  n: 'null expected',
  t: 'boolean expected',
  f: 'boolean expected',
};
/** What strtod() takes as a whole. */
const DOUBLE = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/u;
/** What ends a comment, by the character behind its first slash. */
const ENDS: ReadonlyMap<string, readonly number[]> = new Map([
  ['*', [0x2a, 0x2f]],
  ['/', [0x0a]],
]);
const LATIN1 = new TextDecoder('latin1');

/** Reads the values of a text; what is wrong with it where json-c takes it for no JSON. */
export const parseJsonC = (text: Uint8Array): JsonTape | JsonFault => new JsonCReader(text).read();

class JsonCReader {
  readonly #text: Uint8Array;
  readonly #tape: JsonTape;
  readonly #open: number[] = [];
  #at = 0;
  #error: string | undefined;

  constructor(text: Uint8Array) {
    this.#text = text;
    this.#tape = new JsonTape(text, 'last');
  }

  read(): JsonTape | JsonFault {
    this.#value();
    while (this.#open.length > 0 && this.#error === undefined) this.#next();
    if (this.#error === undefined) this.#skip();
    if (this.#error === undefined && this.#tape.kindAt(0) !== JsonKind.NULL) return this.#tape;
    return { error: this.#error ?? 'success', at: this.#at };
  }

  /** The next character; empty at the end. */
  get #char(): string {
    const byte = this.#text[this.#at];
    return byte === undefined ? '' : String.fromCharCode(byte);
  }

  #fail(error: string): void {
    this.#error ??= this.#at >= this.#text.length ? 'unexpected end of data' : error;
  }

  /** Goes past white space and comments. */
  #skip(): void {
    for (;;) {
      while (this.#char !== '' && ' \t\n\r'.includes(this.#char)) this.#at++;
      if (this.#char !== '/') return;
      this.#at++;
      const end = ENDS.get(this.#char);
      if (end === undefined) return this.#fail('expected comment');
      const found = indexOfBytes(this.#text, end, this.#at + 1);
      this.#at = found < 0 ? this.#text.length : found + end.length;
    }
  }

  /** What comes next in the map or array that is open. */
  #next(): void {
    const container = this.#open.at(-1) ?? 0;
    const isMap = this.#tape.kindAt(container) === JsonKind.MAP;
    this.#skip();
    if (this.#tape.nextAt(container) !== container + 1) {
      // Not the first.
      if (this.#closes(container, isMap) || this.#error !== undefined) return;
      if (this.#char !== ',')
        return this.#fail(isMap ? "object value separator ',' expected" : "array value separator ',' expected");
      this.#at++;
      this.#skip();
    }
    if (this.#closes(container, isMap) || this.#error !== undefined) return;
    if (isMap && !this.#key()) return;
    if (this.#open.length >= DEPTH) return this.#fail('nesting too deep');
    this.#value();
    // Marks it as one that is not empty.
    this.#tape.close(container, this.#at);
  }

  #closes(container: number, isMap: boolean): boolean {
    if (this.#char !== (isMap ? '}' : ']')) return false;
    this.#at++;
    this.#tape.close(container, this.#at);
    this.#open.pop();
    return true;
  }

  #key(): boolean {
    if (this.#char !== '"' && this.#char !== "'") this.#fail('quoted object property name expected');
    else this.#string();
    if (this.#error === undefined) this.#skip();
    if (this.#error === undefined && this.#char !== ':') this.#fail("object property name separator ':' expected");
    this.#at++;
    return this.#error === undefined;
  }

  #value(): void {
    this.#skip();
    if (this.#error !== undefined) return;
    const start = this.#at;
    const char = this.#char;
    if (char === '{' || char === '[') {
      this.#at++;
      this.#open.push(this.#tape.add(char === '{' ? JsonKind.MAP : JsonKind.ARRAY, start, this.#at));
    } else if (char === '"' || char === "'") this.#string();
    else if (char === '-' || isDigit(char)) this.#number();
    else if (/[nitf]/iu.test(char)) this.#word();
    else this.#fail('unexpected character');
  }

  /** Takes a string; it stands at its quote. */
  #string(): void {
    const start = this.#at;
    const quote = this.#text[start];
    for (this.#at++; this.#text[this.#at] !== quote; this.#at++) {
      if (this.#char === '') return this.#fail('');
      if (this.#char === '\\' && !this.#escape()) return this.#fail('invalid string sequence');
    }
    this.#at++;
    this.#tape.add(JsonKind.STRING, start, this.#at);
  }

  /** Goes from the backslash to the last character of the escape. */
  #escape(): boolean {
    this.#at++;
    if (this.#char !== 'u') return this.#char !== '' && '"\\/bfnrt'.includes(this.#char);
    for (let digit = 0; digit < 4; digit++) {
      this.#at++;
      if (!/^[\da-f]$/iu.test(this.#char)) return false;
    }
    return true;
  }

  #word(): void {
    const start = this.#at;
    const next = LATIN1.decode(this.#text.subarray(start, start + 'infinity'.length + 1)).toLowerCase();
    const found = WORDS.find(([word]) => next.startsWith(word));
    if (found) {
      this.#at += found[0].length;
      this.#tape.add(found[1], start, this.#at);
      return;
    }
    const common = Math.max(...WORDS.map(([word]) => commonStart(word, next)));
    this.#at += common;
    this.#fail(EXPECTED[next[0] ?? ''] ?? 'unexpected character');
  }

  #number(): void {
    const start = this.#at;
    const isDouble = this.#numberCharacters();
    const isMinus = this.#at === start + 1 && this.#text[start] === 0x2d;
    if (this.#open.length > 0 && !',]}/iI \t\n\r'.includes(this.#char)) return this.#fail('number expected');
    if (isMinus && this.#char.toLowerCase() === 'i') {
      this.#at = start;
      return this.#word();
    }
    const gathered = LATIN1.decode(this.#text.subarray(start, this.#at));
    const text = isDouble ? withoutTrailing(gathered, '-+eE') : gathered;
    if (isDouble ? !DOUBLE.test(text) : isMinus) return this.#fail('number expected');
    const end = start + text.length;
    this.#tape.add(numberKind(this.#text, start, end), start, end);
  }

  /** Goes past what json-c gathers for a number; true where there is a point or an exponent in it. */
  #numberCharacters(): boolean {
    let isDouble = false;
    let hasExponent = false;
    let signs = '-';
    for (; this.#char !== ''; this.#at++) {
      const char = this.#char;
      const isPoint: boolean = char === '.' && !isDouble;
      const isExponent: boolean = (char === 'e' || char === 'E') && !hasExponent;
      if (!isDigit(char) && !isPoint && !isExponent && !signs.includes(char)) break;
      signs = isPoint || isExponent ? '-+' : '';
      isDouble ||= isPoint || isExponent;
      hasExponent ||= isExponent;
    }
    return isDouble;
  }
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9';

/** How many characters two texts start with that are the same. */
function commonStart(one: string, other: string): number {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count++;
  return count;
}
