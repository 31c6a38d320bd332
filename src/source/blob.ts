/** A File or Blob of the browser, read slice by slice. */
import { type ByteSource, ReadError } from './source';

function reasonOf(error: unknown): string {
  const name = error instanceof DOMException || error instanceof Error ? error.name : '';
  if (name === 'NotReadableError')
    return 'the browser may not read the file: it changed on disk since it was opened, or permission is missing';
  if (name === 'NotFoundError') return 'the file is no longer there';
  if (name === 'SecurityError') return 'the browser refuses to read the file';
  return error instanceof Error ? error.message : 'the read failed';
}

export function blobSource(blob: Blob, name: string): ByteSource {
  const { size } = blob;
  return {
    name,
    size,
    read: async (offset, length) => {
      const end = Math.min(size, offset + length);
      if (end <= offset) return new Uint8Array(0);
      let buffer: ArrayBuffer;
      try {
        buffer = await blob.slice(offset, end).arrayBuffer();
      } catch (error) {
        throw new ReadError(offset, reasonOf(error));
      }
      if (buffer.byteLength !== end - offset) throw new ReadError(offset, 'the file became shorter while it was read');
      return new Uint8Array(buffer);
    },
  };
}
