/** What can be looked for, and where. Plain data: it goes to the worker as it is. */

export const KINDS = ['hex', 'text', 'utf16', 'regex', 'int'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * `memory`: page contents in the order of the guest's memory. `records`: all that is no page content. `file`: every
 * byte, in the order of the file.
 */
export const SCOPES = ['memory', 'records', 'file'] as const;
export type Scope = (typeof SCOPES)[number];

export type IntWidth = 1 | 2 | 4 | 8;

export interface Query {
  readonly kind: Kind;
  readonly text: string;
  /** ASCII letters of a text, or of a regular expression, stand for both cases. */
  readonly ignoreCase?: boolean;
  /** Bytes of an integer; the smallest that holds it if not given. */
  readonly width?: IntWidth;
  readonly bigEndian?: boolean;
}

/** A match in an array of bytes. */
export interface Match {
  readonly start: number;
  readonly length: number;
}

/** Finds one pattern. What it finds at a place hangs on the `longest` bytes from there on and on nothing else. */
export interface Matcher {
  /** Most bytes that a match can have. */
  readonly longest: number;
  /** The first match that starts at `from` or later, but before `until`, and ends within `bytes`. */
  find(bytes: Uint8Array, from: number, until: number): Match | undefined;
}

/** Longest pattern, bytes. */
export const PATTERN_LIMIT = 1024;

/** A pattern that cannot be looked for, and why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Guesses what a text is: `4d 5a ?? 0?` and long hex are bytes, `/…/` is a regular expression, `0x…` a number, all else
 * text.
 */
export function guessKind(text: string): Kind {
  const trimmed = text.trim();
  if (/^\/.+\/i?$/su.test(trimmed)) return 'regex';
  if (/^-?0x[\da-f]{1,16}$/iu.test(trimmed)) return 'int';
  const isHex = /^(?:[\da-f?]{2}\s*)+$/iu.test(trimmed);
  const apart = /^(?:[\da-f?]{2}\s+)+[\da-f?]{2}$/iu.test(trimmed);
  const long = trimmed.length >= 8 && /\d/u.test(trimmed) && /[a-f]/iu.test(trimmed);
  const wild = trimmed.includes('?') && /[\da-f]/iu.test(trimmed);
  return isHex && (apart || long || wild) ? 'hex' : 'text';
}
