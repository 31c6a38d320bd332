/** Bytes made of text, and told by how they start. */

/** Returns the bytes of a text, one for each character: Latin-1. */
export const latin1Bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Tells whether the bytes start with those of `start`. */
export const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);

/** Returns the offset from `from` on at which bytes stand first in others, −1 where they do not. */
export function indexOfBytes(bytes: Uint8Array, wanted: ArrayLike<number>, from = 0): number {
  const { length } = wanted;
  const first = wanted[0];
  if (first === undefined) return -1;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < length && bytes[at + same] === wanted[same]) same++;
    if (same === length) return at;
  }
  return -1;
}
