/** Returns the offset at which bytes stand first in others, −1 where they do not. */
export function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  const [first] = wanted;
  if (first === undefined) return -1;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
}
