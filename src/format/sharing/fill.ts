/**
 * The text that stands in an image made for sharing in place of all that may not be shared. It must not be zeros, which
 * a search for records after damage would take for END records; no header begins with letters.
 */
import { latin1Bytes } from '../../lib/bytes';

/** 32 bytes, so that every page holds it a whole number of times. */
const TEXT = 'Blanked for sharing by Xenscope\n';
const LETTERS = latin1Bytes(TEXT);
/** Bytes after which the text comes again. */
export const FILL_SIZE = LETTERS.length;

/** Returns `length` bytes of the text, over and over from its start. */
export function blankText(length: number): Uint8Array {
  const out = new Uint8Array(length);
  out.set(LETTERS.subarray(0, length));
  for (let filled = LETTERS.length; filled < length; filled *= 2) out.copyWithin(filled, 0, filled);
  return out;
}

/** Tells whether the bytes are that text, from its start. */
export function isBlankText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte, index) => byte === LETTERS[index % LETTERS.length]);
}

/** Bytes by which a body that was filled is known. */
export const FILL_START = 8;

/** Tells whether the text starts at `at`, as far as the bytes go. */
export function startsFilled(bytes: Uint8Array, at = 0): boolean {
  if (at >= bytes.length) return false;
  const end = Math.min(bytes.length, at + FILL_START);
  for (let from = at; from < end; from++) if (bytes[from] !== LETTERS[from - at]) return false;
  return true;
}
