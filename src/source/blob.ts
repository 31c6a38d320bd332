/** A File or Blob of the browser, read slice by slice. */
import { reasonOf } from '../lib/reason';
import { type ByteSource, ReadError } from './source';

function whyUnread(error: unknown): string {
  const name = error instanceof DOMException || error instanceof Error ? error.name : '';
  if (name === 'NotReadableError')
    return 'the browser may not read the file: it changed on disk since it was opened, or permission is missing';
  if (name === 'NotFoundError') return 'the file is no longer there';
  if (name === 'SecurityError') return 'the browser refuses to read the file';
  return reasonOf(error, 'the read failed');
}

async function bytesOf(blob: Blob, offset: number): Promise<ArrayBuffer> {
  let buffer: ArrayBuffer;
  try {
    buffer = await blob.arrayBuffer();
  } catch (error) {
    throw new ReadError(offset, whyUnread(error));
  }
  if (buffer.byteLength !== blob.size) throw new ReadError(offset, 'the file became shorter while it was read');
  return buffer;
}

/** Makes a source of a file or blob of the browser. `name`: the file's, as it is shown. */
export function blobSource(blob: Blob, name: string): ByteSource {
  const { size } = blob;
  return {
    name,
    size,
    blob,
    read: async (offset, length) =>
      new Uint8Array(await bytesOf(blob.slice(offset, Math.min(size, offset + length)), offset)),
    // Every read is a trip to another process. A blob made of slices is read in one trip, and copies nothing before.
    readMany: async (offsets, length) => {
      const parts = new Blob(offsets.map((offset) => blob.slice(offset, offset + length)));
      const buffer = await bytesOf(parts, offsets[0] ?? 0);
      return offsets.map((_, index) => new Uint8Array(buffer, index * length, length));
    },
  };
}
