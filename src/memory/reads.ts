/** Reading pages that lie scattered in the file in as few reads as there can be. */
import { PAGE_SIZE } from '../format/page';
import { type ByteSource, ReadError } from '../source/source';

/** Longest read: that of a granule. */
const MOST = 1024 * PAGE_SIZE;

interface Read {
  readonly offset: number;
  readonly length: number;
  /** The pages in it, by their place in the list, in the order of the file. */
  readonly pages: readonly number[];
}

/** Pages that follow each other in the file are one read. `offsets` are file offsets, −1 for none. */
function readsOf(offsets: Float64Array): Read[] {
  const order = Array.from(offsets.keys())
    .filter((page) => (offsets[page] ?? -1) >= 0)
    .toSorted((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
  const reads: { offset: number; length: number; pages: number[] }[] = [];
  for (const page of order) {
    const at = offsets[page] ?? 0;
    const last = reads.at(-1);
    if (last && at === last.offset + last.length && last.length < MOST) {
      last.length += PAGE_SIZE;
      last.pages.push(page);
    } else reads.push({ offset: at, length: PAGE_SIZE, pages: [page] });
  }
  return reads;
}

/** Reads the bytes of each page; undefined for those without an offset and those that could not be read. */
export async function readPages(source: ByteSource, offsets: Float64Array): Promise<(Uint8Array | undefined)[]> {
  const found: (Uint8Array | undefined)[] = Array.from({ length: offsets.length });
  for (const { offset, length, pages } of readsOf(offsets)) {
    let bytes: Uint8Array;
    try {
      bytes = await source.read(offset, length);
    } catch (error) {
      if (error instanceof ReadError) continue;
      throw error;
    }
    for (const [at, page] of pages.entries()) {
      if ((at + 1) * PAGE_SIZE <= bytes.length) found[page] = bytes.subarray(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
    }
  }
  return found;
}
