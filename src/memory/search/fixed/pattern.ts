/** Patterns of a fixed length, byte by byte: what is given as hex, as text, as an integer. */
import { parseBigInt } from '../../../lib/number';
import { hex } from '../../../lib/text';
import { type IntWidth, PATTERN_LIMIT, PatternError, type Query } from '../kit/query';

/** A byte matches where it equals `value` in the bits of `mask`; bits outside the mask are 0 in `value`. */
export interface FixedPattern {
  readonly value: Uint8Array;
  readonly mask: Uint8Array;
}

/** Bit that tells ASCII letters of either case apart. */
const CASE = 0x20;

/** Turns what is asked into bytes with masks. Throws `PatternError`. */
export function fixedPattern(query: Query): FixedPattern {
  const pattern = byKind(query);
  if (pattern.value.length === 0) throw new PatternError('nothing to look for');
  if (pattern.value.length > PATTERN_LIMIT) throw new PatternError(`longer than ${PATTERN_LIMIT} bytes`);
  if (pattern.mask.every((mask) => mask === 0)) throw new PatternError('only wildcards: every byte would match');
  return pattern;
}

function byKind({ kind, text, ignoreCase = false, width, bigEndian = false }: Query): FixedPattern {
  switch (kind) {
    case 'hex':
      return fromHex(text);
    case 'int':
      return exact(fromInt(text, width, bigEndian));
    case 'utf16':
      return fold(fromUtf16(text, bigEndian), ignoreCase, (at) => text.charCodeAt(at >> 1) < 0x80);
    default:
      return fold(new TextEncoder().encode(text), ignoreCase);
  }
}

const exact = (value: Uint8Array): FixedPattern => ({ value, mask: new Uint8Array(value.length).fill(0xff) });

/**
 * Bytes of other alphabets have the high bit set in UTF-8: they are never taken for letters. In UTF-16 they can look like
 * them (š is 61 01): there `isAscii` tells, by place.
 */
function fold(bytes: Uint8Array, ignoreCase: boolean, isAscii = (_at: number): boolean => true): FixedPattern {
  const pattern = exact(bytes);
  if (!ignoreCase) return pattern;
  for (const [at, byte] of bytes.entries()) {
    const upper = byte & ~CASE;
    if (upper < 0x41 || upper > 0x5a || !isAscii(at)) continue;
    pattern.mask[at] = ~CASE;
    pattern.value[at] = upper;
  }
  return pattern;
}

const isSpace = (char: string): boolean => /[\s,]/u.test(char);

function fromHex(text: string): FixedPattern {
  const digits = Array.from(text.replaceAll(/0x|\\x/giu, '')).filter((char) => !isSpace(char));
  const bad = digits.find((char) => !/[\da-f?]/iu.test(char));
  if (bad !== undefined) throw new PatternError(`“${bad}” is no hex digit; ? stands for any`);
  if (digits.length % 2 !== 0) throw new PatternError('an odd number of hex digits: two make a byte');
  const value = new Uint8Array(digits.length / 2);
  const mask = new Uint8Array(digits.length / 2);
  for (let at = 0; at < value.length; at++) {
    for (const half of [0, 1]) {
      const digit = digits[at * 2 + half] ?? '?';
      const shift = half === 0 ? 4 : 0;
      if (digit === '?') continue;
      value[at] = (value[at] ?? 0) | (Number.parseInt(digit, 16) << shift);
      mask[at] = (mask[at] ?? 0) | (0xf << shift);
    }
  }
  return { value, mask };
}

function fromUtf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), !bigEndian);
  return bytes;
}

const WIDTHS = [1, 2, 4, 8] as const;

/** Whether an integer of so many bytes, signed or not, can be this value. */
const fits = (value: bigint, width: IntWidth): boolean =>
  value >= -(1n << BigInt(width * 8 - 1)) && value < 1n << BigInt(width * 8);

function fromInt(text: string, given: IntWidth | undefined, bigEndian: boolean): Uint8Array {
  const value = parseBigInt(text.trim());
  if (value === undefined) throw new PatternError('no integer: write 1234, -1 or 0x1f');
  const width = given ?? WIDTHS.find((one) => fits(value, one));
  if (width === undefined || !fits(value, width))
    throw new PatternError(`does not fit into ${width ?? 8} ${width === 1 ? 'byte' : 'bytes'}`);
  const digits = hex(BigInt.asUintN(width * 8, value), width * 2);
  const bytes = Uint8Array.from({ length: width }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16));
  return bigEndian ? bytes : bytes.toReversed();
}
