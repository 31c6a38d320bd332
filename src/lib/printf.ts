/**
 * The C formats in which Xen writes its log lines: filled in, and turned around to find the values in a line. Besides
 * C's own conversions `{N}` stands for the id of the domain, which only a host can know.
 */

export type LogValue = number | bigint | string;

const CONVERSION = /%(#?)(0?)(\d*)(?:z|l|ll)?([duxs%])|\{N\}/gu;

function convert(alternate: string, zero: string, width: string, kind: string, value: LogValue): string {
  if (kind === 's' || typeof value === 'string') return String(value);
  if (kind !== 'x') return value.toString();
  const digits = value.toString(16);
  // As C does it: `%#x` of zero has no prefix, and a width counts the prefix.
  const prefix = alternate === '' || Number(value) === 0 ? '' : '0x';
  const room = zero === '' ? 0 : Number(width) - prefix.length;
  return prefix + digits.padStart(room, '0');
}

/** Fills in `values`, in order; how many of them the format takes is counted in `used`. */
function fill(
  format: string,
  values: readonly LogValue[],
  from: number,
): { readonly text: string; readonly used: number } {
  let used = 0;
  const text = format.replaceAll(CONVERSION, (whole, alternate: string, zero: string, width: string, kind: string) => {
    if (whole === '{N}') return 'N';
    if (kind === '%') return '%';
    return convert(alternate, zero, width, kind, values[from + used++] ?? '?');
  });
  return { text, used };
}

/** Fills in several formats that share one list of values; a value that is missing becomes `?`. */
export function printf(formats: readonly string[], values: readonly LogValue[]): string[] {
  let from = 0;
  return formats.map((format) => {
    const { text, used } = fill(format, values, from);
    from += used;
    return text;
  });
}

const special = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&');

const PATTERNS: Readonly<Record<string, string>> = {
  d: '(-?\\d+)',
  u: '(\\d+)',
  x: '(?:0x)?([\\da-fA-F]+)',
  s: '(.*?)',
};

/** Returns a pattern that matches lines of this format, with the values as its groups. Domain ids match any number, or N. */
export function formatPattern(format: string): RegExp {
  let out = '';
  let from = 0;
  for (const match of format.matchAll(CONVERSION)) {
    out += special(format.slice(from, match.index));
    const kind = match[4] ?? '';
    out += match[0] === '{N}' ? '(?:\\d+|N)' : kind === '%' ? '%' : (PATTERNS[kind] ?? '');
    from = match.index + match[0].length;
  }
  return new RegExp(`^${out}${special(format.slice(from))}$`, 'u');
}
