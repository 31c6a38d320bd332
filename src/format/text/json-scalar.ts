/** What a number or a string of a JSON text is to libxl. Source: tools/libs/light/libxl_json.c; yajl 2.1.0, yajl_encode.c. */
import { JsonKind, type JsonTape } from './json-tape';

const DOT = 0x2e;
const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;
/** Digits, sign and more of a number of 64 bits: what is longer is none. */
const LONGEST_INTEGER = 20;
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ESCAPE = /\\(?:u(d[89ab][\da-f]{2})\\u([\da-f]{4})|u([\da-f]{4})|(.))/gisu;

/** The digits at the start of a number, which is what strtoll() takes of `1e5`; undefined where they are too many. */
function integerOf(text: Uint8Array, start: number, end: number): bigint | undefined {
  let stop = start + (text[start] === 0x2d ? 1 : 0);
  while (stop < end && (text[stop] ?? 0) >= 0x30 && (text[stop] ?? 0) <= 0x39) stop++;
  if (stop - start > LONGEST_INTEGER) return undefined;
  // A word that stands for a number has none.
  if ((text[stop - 1] ?? 0) < 0x30 || stop === start) return 0n;
  const value = BigInt(String.fromCharCode(...text.subarray(start, stop)));
  return value >= LOWEST && value <= HIGHEST ? value : undefined;
}

/** Tells what json_callback_number() makes of a number: an integer, unless it has a point or does not fit 64 bits. */
export function numberKind(text: Uint8Array, start: number, end: number): JsonKind {
  const isInteger = !text.subarray(start, end).includes(DOT) && integerOf(text, start, end) !== undefined;
  return isInteger ? JsonKind.INTEGER : JsonKind.OTHER_NUMBER;
}

/** Returns the value of an integer. */
export const integerAt = (tape: JsonTape, index: number): bigint =>
  integerOf(tape.text, tape.startAt(index), tape.endAt(index)) ?? 0n;

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
