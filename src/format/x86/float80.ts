/**
 * The x87 extended-precision number as text. Source: Intel SDM vol. 1 § 4.2.2, 4.8.3 and 8.2.2 (unsupported encodings).
 *
 * The value is significand × 2^(exponent − 16383 − 63): no double holds it, so it is worked out with big integers. The
 * text is the shortest decimal that is nearer to it than to any other number of 80 bits.
 */
import { withoutTrailing } from '../../lib/text';

const BIAS = 16_383 + 63;
const INTEGER_BIT = 1n << 63n;
const QUIET_BIT = 1n << 62n;
/** Decimal digits kept while a shorter text is looked for; 21 tell all numbers apart. */
const KEPT = 30;
const MAX_DIGITS = 21;

/** Returns an x87 number as text. `signExponent`: 16 bits, the sign on top of the exponent. */
export function float80Text(significand: bigint, signExponent: number): string {
  const sign = signExponent >= 0x8000 ? '-' : '';
  const exponent = signExponent & 0x7fff;
  const isNormal = significand >= INTEGER_BIT;
  if (exponent === 0x7fff) return sign + (isNormal ? special(significand) : pseudoSpecial(significand));
  if (significand === 0n) return exponent === 0 ? `${sign}0` : `${sign}0 (pseudo-zero, invalid)`;
  if (exponent === 0) {
    return `${sign}${decimal(significand, 1)} (${isNormal ? 'pseudo-denormal' : 'denormal'})`;
  }
  return sign + decimal(significand, exponent) + (isNormal ? '' : ' (unnormal, invalid)');
}

function special(significand: bigint): string {
  if (significand === INTEGER_BIT) return '∞';
  return (significand & QUIET_BIT) === 0n ? 'NaN (signalling)' : 'NaN';
}

/** Returns the name of an encoding without the integer bit, which the 8087 and 80287 knew and which is invalid since. */
const pseudoSpecial = (significand: bigint): string =>
  significand === 0n ? '∞ (pseudo, invalid)' : 'NaN (pseudo, invalid)';

/** Returns a number that is not 0 with the digits that it takes. */
function decimal(significand: bigint, exponent: number): string {
  const shift = exponent - BIAS;
  // Estimate of the decimal exponent; one too low or high only costs or gains a kept digit.
  const length = significand.toString(2).length;
  const tens = Math.floor((length - 1 + shift) * Math.LOG10E * Math.LN2);
  // value × 10^scale has about KEPT digits, and so has all that is compared below.
  const scale = KEPT - tens;
  // value × 10^scale has about KEPT digits, and so has all that is compared below.
  const power = fiveTo(Math.abs(scale));
  const value =
    scale >= 0
      ? shifted(significand * power.bits, shift + scale + power.shift)
      : shifted((significand << ROOM) / power.bits, shift + scale - power.shift - Number(ROOM));
  const half = value / (significand * 2n);
  const all = value.toString().length;
  for (let digits = 1; digits <= MAX_DIGITS; digits++) {
    const unit = 10n ** BigInt(all - digits);
    const rounded = (value + unit / 2n) / unit;
    const error = rounded * unit - value;
    if ((error < 0n ? -error : error) < half || digits === MAX_DIGITS) {
      return layOut(rounded.toString(), all - scale - digits);
    }
  }
  return '';
}

/** Bits kept of a power: far more than KEPT digits need. Up to 5^110 nothing is lost. */
const POWER_BITS = 256;
const ROOM = 512n;

/** Returns bits × 2^by, what is below 1 cut off. */
const shifted = (bits: bigint, by: number): bigint => (by >= 0 ? bits << BigInt(by) : bits >> BigInt(-by));

/** Returns 5^exponent as bits × 2^shift. */
function fiveTo(exponent: number): { readonly bits: bigint; readonly shift: number } {
  let bits = 1n;
  let shift = 0;
  for (const digit of exponent.toString(2)) {
    bits = bits * bits * (digit === '1' ? 5n : 1n);
    shift *= 2;
    const over = bits.toString(16).length * 4 - POWER_BITS;
    if (over <= 0) continue;
    bits >>= BigInt(over);
    shift += over;
  }
  return { bits, shift };
}

/** Writes digits × 10^tens, plain where that is short. */
function layOut(digits: string, tens: number): string {
  const significant = withoutTrailing(digits, '0');
  const point = digits.length + tens;
  if (point > 21 || point < -4) {
    const fraction = significant.length > 1 ? `.${significant.slice(1)}` : '';
    const power = point - 1;
    return `${significant.slice(0, 1)}${fraction}e${power < 0 ? '' : '+'}${power}`;
  }
  if (point <= 0) return `0.${'0'.repeat(-point)}${significant}`;
  if (significant.length <= point) return significant.padEnd(point, '0');
  return `${significant.slice(0, point)}.${significant.slice(point)}`;
}
