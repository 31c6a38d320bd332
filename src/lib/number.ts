/** Numbers as people type them. */

/** Reads `0x1f`, decimal, or hex without prefix where a letter shows it; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  if (!/^(?:0x)?[\da-f]+$/iu.test(text)) return undefined;
  const value = /^\d+$/u.test(text) ? Number(text) : Number.parseInt(text.replace(/^0x/iu, ''), 16);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Reads an address of up to 64 bits: hex, with `0x` or without, `_` between digits; undefined for anything else. */
export function parseWide(text: string): bigint | undefined {
  const digits = text.replaceAll('_', '').replace(/^0x/iu, '');
  return /^[\da-f]{1,16}$/iu.test(digits) ? BigInt(`0x${digits}`) : undefined;
}

/** Reads a whole number of any size and sign: `1234`, `-1`, `0x1f`; undefined for anything else. */
export function parseBigInt(text: string): bigint | undefined {
  if (!/^-?(?:0x[\da-f]+|\d+)$/iu.test(text)) return undefined;
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

/**
 * Returns a number for JSON: as a number while that is exact (nanoseconds are for 104 days), else its digits as a text.
 */
export const jsonNumber = (value: bigint): number | string =>
  value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value);
