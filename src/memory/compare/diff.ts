/** What differs between two copies of a page. */
import { PAGE_SIZE } from '../../format/page';

const ROW = 16;

export interface PageDiff {
  /** Bytes that differ. */
  readonly bytes: number;
  /** The first of them; undefined for pages that are equal. */
  readonly first: number | undefined;
  /** Rows of 16 bytes with a difference, by their number in the page. */
  readonly rows: readonly number[];
}

/** Compares two pages byte by byte. */
export function diffPages(one: Uint8Array, other: Uint8Array): PageDiff {
  const rows: number[] = [];
  let bytes = 0;
  let first: number | undefined;
  for (let at = 0; at < PAGE_SIZE; at++) {
    if (one[at] === other[at]) continue;
    first ??= at;
    bytes++;
    const row = Math.floor(at / ROW);
    if (rows.at(-1) !== row) rows.push(row);
  }
  return { bytes, first, rows };
}
