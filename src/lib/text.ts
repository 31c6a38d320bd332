/** Numbers and bytes as people read them. */

/** Thin space: groups decimal digits without looking like a decimal point to anyone. */
const THIN = '\u2009';

/** Writes a whole number with thin spaces between groups of three digits: `4 202 504`. */
export function grouped(value: number | bigint): string {
  const text = value.toString();
  const first = text.startsWith('-') ? 1 : 0;
  const groups: string[] = [];
  let end = text.length;
  for (; end - first > 3; end -= 3) groups.unshift(text.slice(end - 3, end));
  return [text.slice(0, end), ...groups].join(THIN);
}

/** Writes lower-case hex without prefix, padded to `digits`. */
export function hex(value: number | bigint, digits = 0): string {
  return value.toString(16).padStart(digits, '0');
}

/** Writes lower-case hex with the prefix `0x`, padded to `digits`. */
export function hex0x(value: number | bigint, digits = 0): string {
  return `0x${hex(value, digits)}`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Writes a size for a glance: plain bytes below 1 MiB, then MiB, GiB, TiB with one decimal. */
export function byteSize(bytes: number): string {
  if (bytes < 1024 * 1024) return `${grouped(Math.round(bytes))} B`;
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${UNITS[unit] ?? 'B'}`;
}

/** Milliseconds below which a rate is noise. */
const TELLING_MS = 100;

/** Writes the rate of `bytes` in `ms` milliseconds: `4.2 GiB/s`; undefined where the time is too short to tell. */
export const byteRate = (bytes: number, ms: number): string | undefined =>
  ms < TELLING_MS ? undefined : `${byteSize((bytes / ms) * 1000)}/s`;

/** Writes a size of memory in the largest fitting unit: `4 KiB`, `2 MiB`, `1.5 GiB`. */
export function memorySize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1).replace('.0', '')} ${UNITS[unit] ?? 'B'}`;
}

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => hex(byte, 2));

/** Writes bytes as hex digits, with `separator` between them. */
export function hexBytes(bytes: Uint8Array, separator = ''): string {
  let text = '';
  for (const byte of bytes) text += (text === '' ? '' : separator) + HEX_OF_BYTE[byte];
  return text;
}

/** Tells whether a byte is printable 7-bit ASCII: 0x20 (space) to 0x7e (tilde). */
export function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}

/** Writes bytes as text: printable ASCII is kept, everything else becomes a middle dot. */
export function ascii(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += isPrintable(byte) ? String.fromCharCode(byte) : '·';
  return text;
}

/** Returns a text without those of `chars` that it ends with. */
export function withoutTrailing(text: string, chars: string): string {
  let end = text.length;
  while (end > 0 && chars.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Writes a number with the noun that fits it: `1 page`, `24 576 pages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
