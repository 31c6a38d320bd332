/** Tests of a byte that vectors can do: which one is made for a set of bytes, and that it finds what a loop finds. */
import { fc, test } from '@fast-check/vitest';
import { expect, test as plain } from 'vitest';
import { type Probe, probeOf } from '../../../../src/memory/search/kit/probe';
import { Wasm } from '../../../../src/memory/search/wasm/wasm';
import { latin1 } from '../../../fixtures/built/stream';

const setOf = (chars: string): Uint8Array => {
  const set = new Uint8Array(256);
  for (const byte of latin1(chars)) set[byte] = 1;
  return set;
};
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';

plain.each([
  ['one byte', 'Q', 0xff, 0x51, 0],
  ['the same letter of either case', 'qQ', 0xdf, 0x51, 0],
  ['a range', lower, 0xff, 0x61, 25],
  ['letters of either case', lower + upper, 0xdf, 0x41, 25],
  // Small letters are common: better 0x10 … 0x46, and the same with bit 5, than 0x30 … 0x66.
  ['digits and a … f', `${digits}abcdef`, 0xdf, 0x10, 54],
  ['digits and letters', digits + lower + upper, 0xff, 0x30, 74],
])('of %s', (_, chars, mask, low, span) => expect(probeOf(setOf(chars), 3)).toEqual({ at: 3, mask, low, span }));

test.prop([fc.uint8Array({ minLength: 1, maxLength: 256 })])('every byte of the set fits', (bytes) => {
  const set = new Uint8Array(256);
  for (const byte of bytes) set[byte] = 1;
  const { mask, low, span } = probeOf(set, 0);
  expect(bytes.filter((byte) => (byte & mask) < low || (byte & mask) > low + span)).toEqual(new Uint8Array(0));
});

const SIZE = 700;
const wasm = Wasm.make(2, SIZE);

const PROBE: fc.Arbitrary<Probe> = fc
  .record({
    at: fc.nat(31),
    mask: fc.oneof(fc.constant(0xff), fc.nat(0xff)),
    low: fc.nat(0xff),
    span: fc.oneof(fc.constant(0), fc.nat(0xfe)),
  })
  .map((probe) => ({ ...probe, span: Math.min(probe.span, 0xff - probe.low) }));

/** Few different bytes, so that several fit at once. */
const BYTES = fc
  .tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 32, maxLength: SIZE }))
  .map(([few, raw]) => raw.map((byte) => few[byte % 4] ?? 0));

test.prop([BYTES, fc.array(PROBE, { minLength: 1, maxLength: 8 }), fc.nat(100)], { numRuns: 2000 })(
  'the vectors find the places that a loop finds',
  (bytes, probes, from) => {
    const array = wasm?.arrays[1];
    if (!wasm || !array) throw new Error('no WebAssembly here');
    // What lies behind fits as often, and does not count.
    array.fill(bytes[0] ?? 0).set(bytes);
    const end = bytes.length - 31;
    const fits = (start: number): boolean =>
      probes.every(({ at, mask, low, span }) => {
        const byte = (bytes[start + at] ?? 0) & mask;
        return byte >= low && byte <= low + span;
      });
    const plainly: number[] = [];
    for (let start = from; start < end; start++) if (fits(start)) plainly.push(start);
    const found: number[] = [];
    for (let start = from; start < end; start++) {
      start = wasm.find(array, start, end, probes);
      if (start < end) found.push(start);
    }
    expect(found).toEqual(plainly);
  },
);
