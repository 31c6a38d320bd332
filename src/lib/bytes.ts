/** Bytes made of text, and told by how they start. */

/** Returns the bytes of a text, one for each character: Latin-1. */
export const latin1Bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Tells whether the bytes start with those of `start`. */
export const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
