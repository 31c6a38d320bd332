/** Where the pages of a granule stand in the file that a restore would store, in as few reads as there can be. */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import { type PageIndex, RUN_LIMIT } from '../../scan/pages';

export interface Copies {
  /** File offset of each page, −1 for none; and its type. */
  readonly offset: Float64Array;
  readonly type: Uint8Array;
  readonly count: number;
}

/** The last whole copies in records before `end`. */
export function copiesOf(pages: PageIndex, granule: number, end: number): Copies {
  const base = granule * RUN_LIMIT;
  const offset = new Float64Array(RUN_LIMIT).fill(-1);
  const type = new Uint8Array(RUN_LIMIT);
  pages.eachIn(granule, (pfn, count, found, record, at) => {
    if (at < 0 || record >= end) return;
    const last = Math.min(RUN_LIMIT, pfn + count - base);
    for (let page = Math.max(0, pfn - base); page < last; page++) {
      offset[page] = at + (base + page - pfn) * PAGE_SIZE;
      type[page] = found;
    }
  });
  let count = 0;
  for (const where of offset) if (where >= 0) count++;
  return { offset, type, count };
}

/** Pages that follow each other in the file. */
interface Read {
  readonly offset: number;
  readonly length: number;
  /** Pages of the granule, in the order of the file. */
  readonly pages: readonly number[];
}

export function readsOf({ offset }: Copies): Read[] {
  const order = Array.from(offset.keys())
    .filter((page) => (offset[page] ?? -1) >= 0)
    .sort((a, b) => (offset[a] ?? 0) - (offset[b] ?? 0));
  const reads: { offset: number; length: number; pages: number[] }[] = [];
  for (const page of order) {
    const at = offset[page] ?? 0;
    const last = reads.at(-1);
    if (last && at === last.offset + last.length) {
      last.length += PAGE_SIZE;
      last.pages.push(page);
    } else reads.push({ offset: at, length: PAGE_SIZE, pages: [page] });
  }
  return reads;
}
