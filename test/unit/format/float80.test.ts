/** The 80-bit number as text. Expected digits are those that the value has by definition. */
import { describe, expect, test } from 'vitest';
import { float80Text } from '../../../src/format/x86/float80';

const ONE = 0x8000_0000_0000_0000n;

describe('numbers', () => {
  test.each([
    ['0', 0n, 0],
    ['-0', 0n, 0x8000],
    ['1', ONE, 0x3fff],
    ['-1', ONE, 0xbfff],
    ['2', ONE, 0x4000],
    ['0.5', ONE, 0x3ffe],
    ['1.5', 0xc000_0000_0000_0000n, 0x3fff],
    ['895', 0xdfc0_0000_0000_0000n, 0x4008],
    ['64', ONE, 0x4005],
    // One tenth, as the compiler rounds it.
    ['0.1', 0xcccc_cccc_cccc_cccdn, 0x3ffb],
    // FLDPI, FLDLN2, FLDL2E, FLDL2T, FLDLG2.
    ['3.1415926535897932385', 0xc90f_daa2_2168_c235n, 0x4000],
    ['0.69314718055994530943', 0xb172_17f7_d1cf_79acn, 0x3ffe],
    ['1.4426950408889634074', 0xb8aa_3b29_5c17_f0bcn, 0x3fff],
    ['3.3219280948873623478', 0xd49a_784b_cd1b_8afen, 0x4000],
    ['0.30102999566398119523', 0x9a20_9a84_fbcf_f799n, 0x3ffd],
    // 2^64 − 1, 2^63 and 10^18 are exact.
    ['18446744073709551615', 0xffff_ffff_ffff_ffffn, 0x403e],
    ['9223372036854775808', ONE, 0x403e],
    ['1000000000000000000', 0xde0b_6b3a_7640_0000n, 0x403a],
    // The next number above 1: 1 + 2^-63.
    ['1.0000000000000000001', 0x8000_0000_0000_0001n, 0x3fff],
    // LDBL_MAX and LDBL_MIN.
    ['1.189731495357231765e+4932', 0xffff_ffff_ffff_ffffn, 0x7ffe],
    ['3.3621031431120935063e-4932', ONE, 0x0001],
  ])('%s', (text, significand, signExponent) => {
    expect(float80Text(significand, signExponent)).toBe(text);
  });
});

describe('what is no ordinary number', () => {
  test.each([
    ['∞', ONE, 0x7fff],
    ['-∞', ONE, 0xffff],
    ['NaN', 0xc000_0000_0000_0001n, 0x7fff],
    // The indefinite value that the FPU makes itself.
    ['-NaN', 0xc000_0000_0000_0000n, 0xffff],
    ['NaN (signalling)', 0x8000_0000_0000_0001n, 0x7fff],
    // The smallest there is: LDBL_TRUE_MIN, 2^-16445.
    ['4e-4951 (denormal)', 1n, 0],
    ['-4e-4951 (denormal)', 1n, 0x8000],
    ['3.3621031431120935063e-4932 (pseudo-denormal)', ONE, 0],
    ['∞ (pseudo, invalid)', 0n, 0x7fff],
    ['-NaN (pseudo, invalid)', 0x4000_0000_0000_0000n, 0xffff],
    ['0.5 (unnormal, invalid)', 0x4000_0000_0000_0000n, 0x3fff],
    ['0 (pseudo-zero, invalid)', 0n, 0x3fff],
  ])('%s', (text, significand, signExponent) => {
    expect(float80Text(significand, signExponent)).toBe(text);
  });
});
