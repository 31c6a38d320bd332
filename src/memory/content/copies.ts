/** Where the pages of a granule stand in the file that a restore would store. */
import { PAGE_SIZE } from '../../format/page';
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
