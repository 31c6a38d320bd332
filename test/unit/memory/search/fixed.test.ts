/** Bytes, text and integers: what they stand for, and that they are found wherever they are. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as plain } from 'vitest';
import { fixedPattern } from '../../../../src/memory/search/fixed/pattern';
import { matcherOf, problemOf } from '../../../../src/memory/search/matcher';
import { guessKind, type Query } from '../../../../src/memory/search/kit/query';
import { Wasm } from '../../../../src/memory/search/wasm/wasm';
import { hexBytes } from '../../../../src/lib/text';
import { plainStarts, query } from '../../../fixtures/searching';

const startsOf = (bytes: Uint8Array, asked: Query, wasm?: Wasm): number[] => {
  const matcher = matcherOf(asked, wasm);
  const found: number[] = [];
  for (let from = 0; ;) {
    const match = matcher.find(bytes, from, bytes.length);
    if (!match) return found;
    found.push(match.start);
    from = match.start + match.length;
  }
};

const shown = (asked: Query): string => {
  const { value, mask } = fixedPattern(asked);
  return `${hexBytes(value)}/${hexBytes(mask)}`;
};

describe('what is looked for', () => {
  plain.each<[Query, string]>([
    [query('hex', '4d 5a ?? 0?'), '4d5a0000/ffff00f0'],
    [query('hex', '4D5A'), '4d5a/ffff'],
    [query('hex', '0x4d, 0x5a'), '4d5a/ffff'],
    [query('hex', '?f f?'), '0ff0/0ff0'],
    [query('text', 'Ab1é'), '416231c3a9/ffffffffff'],
    [query('text', 'Ab1é', { ignoreCase: true }), '414231c3a9/dfdfffffff'],
    [query('text', '[@`{', { ignoreCase: true }), '5b40607b/ffffffff'],
    [query('utf16', 'Aé€'), '4100e900ac20/ffffffffffff'],
    [query('utf16', 'a', { ignoreCase: true }), '4100/dfff'],
    [query('utf16', 'aš\u4161', { ignoreCase: true }), '410061016141/dfffffffffff'],
    [query('utf16', 'aš\u4161', { ignoreCase: true, bigEndian: true }), '004101614161/ffdfffffffff'],
    [query('int', '0x1234'), '3412/ffff'],
    [query('int', '0x1234', { width: 4 }), '34120000/ffffffff'],
    [query('int', '0x1234', { width: 4, bigEndian: true }), '00001234/ffffffff'],
    [query('int', '-2', { width: 8 }), 'feffffffffffffff/ffffffffffffffff'],
    [query('int', '255'), 'ff/ff'],
    [query('int', '18446744073709551615'), 'ffffffffffffffff/ffffffffffffffff'],
  ])('%o is %s', (asked, expected) => expect(shown(asked)).toBe(expected));

  plain.each<[Query, string]>([
    [query('hex', ''), 'nothing to look for'],
    [query('hex', '4d 5'), 'an odd number of hex digits: two make a byte'],
    [query('hex', '4d 5g'), '“g” is no hex digit; ? stands for any'],
    [query('hex', '?? ??'), 'only wildcards: every byte would match'],
    [query('hex', '00'.repeat(1025)), 'longer than 1024 bytes'],
    [query('text', 'a'.repeat(8193)), 'more than 8192 characters'],
    [query('int', 'x'), 'no integer: write 1234, -1 or 0x1f'],
    [query('int', '256', { width: 1 }), 'does not fit into 1 byte'],
    [query('int', '-129', { width: 1 }), 'does not fit into 1 byte'],
    [query('int', '18446744073709551616'), 'does not fit into 8 bytes'],
  ])('%o: %s', (asked, problem) => expect(problemOf(asked)).toBe(problem));

  plain.each([
    ['4d 5a ?? 0?', 'hex'],
    ['4d5a90??', 'hex'],
    ['7f454c46', 'hex'],
    ['deadbeef', 'text'],
    ['face', 'text'],
    ['12345678', 'text'],
    ['0xffffffff81000000', 'int'],
    ['-0x1', 'int'],
    ['1234', 'text'],
    ['/a+b/', 'regex'],
    ['/a+b/i', 'regex'],
    ['/etc/passwd', 'text'],
    ['what?', 'text'],
    ['??', 'text'],
    ['Linux version', 'text'],
  ] as const)('%s looks like %s', (text, kind) => expect(guessKind(text)).toBe(kind));
});

const DIGIT = fc.constantFrom('0', '1', '2', 'f', '?');
/** Few different bytes, so that patterns are found often and nearly found more often. */
const BYTES = fc
  .uint8Array({ maxLength: 400 })
  .map((raw) => raw.map((byte) => [0, 1, 0x10, 0x12, 0xff][byte % 5] ?? 0));
const HEX = fc
  .array(fc.tuple(DIGIT, DIGIT), { minLength: 1, maxLength: 8 })
  .map((pairs) => pairs.flat().join(''))
  .filter((digits) => /[^?]/u.test(digits));

test.prop([BYTES, HEX], { numRuns: 2000 })(
  'hex with wildcards at any digit is found as a plain loop finds it',
  (bytes, digits) => {
    expect(startsOf(bytes, query('hex', digits))).toEqual(plainStarts(bytes, digits));
  },
);

test.prop([fc.uint8Array({ minLength: 300, maxLength: 3000 }), fc.nat(), fc.integer({ min: 1, max: 200 })])(
  'any part of any bytes is found in them',
  (bytes, at, length) => {
    const start = at % bytes.length;
    const digits = hexBytes(bytes.subarray(start, start + length));
    expect(startsOf(bytes, query('hex', digits))).toEqual(plainStarts(bytes, digits));
  },
);

/** The same bytes where the vectors can reach them, between bytes that would match if they were looked at. */
function inVectors(bytes: Uint8Array): { readonly copy: Uint8Array; readonly wasm: Wasm } {
  const wasm = Wasm.make(3, Math.max(1, bytes.length));
  const copy = wasm?.arrays[1];
  if (!wasm || !copy) throw new Error('no WebAssembly here');
  copy.set(bytes);
  return { copy, wasm };
}

test.prop([BYTES, HEX], { numRuns: 300 })('the vectors find the same', (bytes, digits) => {
  const { copy, wasm } = inVectors(bytes);
  expect(startsOf(copy.subarray(0, bytes.length), query('hex', digits), wasm)).toEqual(plainStarts(bytes, digits));
});

test.prop([fc.uint8Array({ minLength: 100, maxLength: 600 }), fc.nat(), fc.integer({ min: 1, max: 100 })], {
  numRuns: 300,
})('the vectors find any part of any bytes', (bytes, at, length) => {
  const start = at % bytes.length;
  const digits = hexBytes(bytes.subarray(start, start + length));
  const { copy, wasm } = inVectors(bytes);
  expect(startsOf(copy, query('hex', digits), wasm)).toEqual(plainStarts(bytes, digits));
  expect(startsOf(bytes, query('hex', digits), wasm)).toEqual(plainStarts(bytes, digits));
});

plain('a wildcard at each digit of a pattern', () => {
  const bytes = Uint8Array.of(0, 0x4d, 0x5a, 0x90, 0x03, 0);
  for (let at = 0; at < 8; at++) {
    const digits = `${'4d5a9003'.slice(0, at)}?${'4d5a9003'.slice(at + 1)}`;
    expect(startsOf(bytes, query('hex', digits))).toEqual([1]);
  }
});

plain('letters of either case, where that is asked for', () => {
  const bytes = new TextEncoder().encode('Linux LINUX linux l1nux @INUX');
  expect(startsOf(bytes, query('text', 'linux'))).toEqual([12]);
  expect(startsOf(bytes, query('text', 'lInUx', { ignoreCase: true }))).toEqual([0, 6, 12]);
});
