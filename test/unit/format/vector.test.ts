/** Bytes of vector registers as numbers. */
import { describe, expect, test } from 'vitest';
import { lanes, laneTexts, vectorHex } from '../../../src/format/x86/vector';

const BYTES = Uint8Array.from([0x01, 0x02, 0x03, 0x04, 0xff, 0xfe, 0xfd, 0xfc]);

describe('lanes, the lowest first', () => {
  test.each([
    ['u8', [1, 2, 3, 4, 255, 254, 253, 252]],
    ['i8', [1, 2, 3, 4, -1, -2, -3, -4]],
    ['u16', [0x0201, 0x0403, 0xfeff, 0xfcfd]],
    ['i16', [0x0201, 0x0403, -257, -771]],
    ['u32', [0x0403_0201, 0xfcfd_feff]],
    ['i32', [0x0403_0201, -50_462_977]],
    ['u64', [0xfcfd_feff_0403_0201n]],
    ['i64', [-0x0302_0100_fbfc_fdffn]],
  ] as const)('%s', (kind, expected) => {
    expect(lanes(BYTES, kind)).toEqual(expected);
  });

  test('of a piece within a larger buffer', () => {
    expect(lanes(BYTES.subarray(1, 5), 'u16')).toEqual([0x0302, 0xff04]);
  });

  test('bytes that fill no lane are left out', () => {
    expect(lanes(BYTES.subarray(0, 7), 'u32')).toEqual([0x0403_0201]);
    expect(lanes(new Uint8Array(0), 'f64')).toEqual([]);
  });
});

test.each([
  // 1, −2.5, 0.1, the greatest single
  ['f32', '0000803f000020c0cdcccc3dffff7f7f', ['1', '-2.5', '0.1', '3.4028235e+38']],
  // −0, ∞, −∞, NaN
  ['f32', '000000800000807f000080ff0000c07f', ['-0', '∞', '-∞', 'NaN']],
  // the smallest single, 10^9, 10^8, 1.5
  ['f32', '0100000028 6b6e4e 20bcbe4c 0000c03f', ['1e-45', '1e+9', '100000000', '1.5']],
  // One that takes nine digits.
  ['f32', '20726567', ['1.08352716e+24']],
  // 1/3, 10^300
  ['f64', '555555555555d53f9c7500883ce4377e', ['0.3333333333333333', '1e+300']],
] as const)('%s of %s', (kind, digits, expected) => {
  const bytes = Uint8Array.from(digits.replaceAll(' ', '').match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
  expect(laneTexts(bytes, kind)).toEqual(expected);
});

test('as one number', () => {
  expect(vectorHex(BYTES)).toBe('fcfdfeff04030201');
});
