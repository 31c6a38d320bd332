/** What a number or a string of a JSON text is to libxl. Source: tools/libs/light/libxl_json.c; yajl 2.1.0, yajl_encode.c. */
import { JsonKind, type JsonTape } from './json-tape';

const DOT = 0x2e;
const MINUS = 0x2d;
const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;
/** Digits, sign and more of a number of 64 bits: what is longer is none. */
const LONGEST_INTEGER = 20;
/** Digits that a double holds, and that 64 bits hold, whatever they are. */
const DOUBLE_DIGITS = 15;
const SAFE_DIGITS = 18;
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ESCAPE = /\\(?:u(d[89ab][\da-f]{2})\\u([\da-f]{4})|u([\da-f]{4})|(.))/gisu;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Where the digits end that a number starts with, which is what strtoll() takes of `1e5`. */
function digitsEnd(text: Uint8Array, start: number, end: number): number {
  let stop = start + (text[start] === MINUS ? 1 : 0);
  while (stop < end && isDigit(text[stop])) stop++;
  return stop;
}

/** The digits as a number; undefined where they are too many for 64 bits. */
function integerOf(text: Uint8Array, start: number, stop: number): bigint | undefined {
  // A word that stands for a number has no digits.
  if (!isDigit(text[stop - 1])) return 0n;
  if (stop - start <= DOUBLE_DIGITS) {
    const isNegative = text[start] === MINUS;
    let sum = 0;
    for (let at = start + (isNegative ? 1 : 0); at < stop; at++) sum = sum * 10 + (text[at] ?? 0) - 0x30;
    return BigInt(isNegative ? -sum : sum);
  }
  if (stop - start > LONGEST_INTEGER) return undefined;
  const value = BigInt(String.fromCharCode(...text.subarray(start, stop)));
  return value >= LOWEST && value <= HIGHEST ? value : undefined;
}

/** Tells what json_callback_number() makes of a number: an integer, unless it has a point or does not fit 64 bits. */
export function numberKind(text: Uint8Array, start: number, end: number): JsonKind {
  const stop = digitsEnd(text, start, end);
  for (let at = stop; at < end; at++) if (text[at] === DOT) return JsonKind.OTHER_NUMBER;
  if (stop - start <= SAFE_DIGITS) return JsonKind.INTEGER;
  return integerOf(text, start, stop) === undefined ? JsonKind.OTHER_NUMBER : JsonKind.INTEGER;
}

/** Returns the value of an integer. */
export function integerAt(tape: JsonTape, index: number): bigint {
  const start = tape.startAt(index);
  return integerOf(tape.text, start, digitsEnd(tape.text, start, tape.endAt(index))) ?? 0n;
}

/** Returns whether a value is `true`. */
export const isTrueAt = (tape: JsonTape, index: number): boolean => tape.text[tape.startAt(index)] === 0x74;

/** Returns a string as C has it: escapes resolved, up to the first NUL. */
export function stringAt(tape: JsonTape, index: number): string {
  const raw = UTF8.decode(tape.text.subarray(tape.startAt(index) + 1, tape.endAt(index) - 1));
  if (!raw.includes('\\')) return raw;
  const text = raw.replaceAll(ESCAPE, (_, high?: string, low?: string, unit?: string, plain?: string) => {
    if (high !== undefined) return pairOf(Number.parseInt(high, 16), Number.parseInt(low ?? '', 16));
    return unit === undefined ? (ESCAPES[plain ?? ''] ?? plain ?? '') : String.fromCharCode(Number.parseInt(unit, 16));
  });
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

/** The character of two units, of which yajl looks at the first only. */
const pairOf = (high: number, low: number): string =>
  String.fromCodePoint(((high & 0x3f) << 10) | ((((high >> 6) & 0xf) + 1) << 16) | (low & 0x3_ff));
