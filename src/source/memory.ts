/** Bytes that are in memory already. */
import type { ByteSource } from './source';

/** Makes a source of bytes that are in memory already, which nobody may change as long as it is used. */
export function memorySource(bytes: Uint8Array, name = 'memory'): ByteSource {
  const readNow = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  return {
    name,
    size: bytes.length,
    readNow,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
  };
}
