/** What is read for a search, in which order: the file as it stands, or the parts of it that hold no page contents. */
import { PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../../format/libxc/page-data';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { RecordIndex } from '../../scan/records';

/** Consecutive bytes of the file, as part of a sequence. */
export interface Piece {
  /** File offset. */
  readonly offset: number;
  readonly length: number;
  /** Goes on where the piece before ended: matches reach over the border. */
  readonly joins: boolean;
  /** A page of page contents, and where in the file it starts; those that follow it there have the PFNs that follow. */
  readonly page?: { readonly pfn: number; readonly offset: number };
  /** There to complete what reaches into its neighbours: what lies in it alone does not count. */
  readonly extra?: true;
}

/** Returns the whole file, as one piece. */
export const filePieces = (size: number): readonly Piece[] =>
  size === 0 ? [] : [{ offset: 0, length: size, joins: false }];

/** Yields the headers and bodies of records, of PAGE_DATA only the list. */
export function* recordPieces(records: RecordIndex, size: number): Generator<Piece> {
  let done = 0;
  for (let index = 0; index < records.count; index++) {
    const start = records.offsetAt(index) + (records.isHeader(index) ? 0 : RECORD_HEADER_SIZE);
    const pages = records.pagesAt(index);
    const whole = records.lengthAt(index);
    const length = pages < 0 ? whole : Math.min(whole, PAGE_DATA_HEADER_SIZE + pages * PFN_ENTRY_SIZE);
    const from = Math.max(done, start);
    const end = Math.min(size, start + length);
    if (end <= from) continue;
    yield { offset: from, length: end - from, joins: false };
    done = end;
  }
}
