/** How much of a row must be read to show its fields. */
import { PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../format/libxc/page-data';
import { recordSpec } from '../format/records';
import { padded, RECORD_HEADER_SIZE } from '../format/framing';
import type { RecordRow } from './records';

/** Bytes of a body loaded up front; array items beyond are read on demand. */
const LOAD_LIMIT = 1024 * 1024 + 64;
/** Bytes loaded of a body whose fields are found by going through it from its start: an HVM context, the sections of QEMU. */
const WALKED_LOAD_LIMIT = 16 * 1024 * 1024;

/** Returns how many bytes from the start of the row are to be loaded before `decodeRow`; never page contents. */
export function loadLength(row: RecordRow): number {
  const header = row.kind === 'header' ? 0 : RECORD_HEADER_SIZE;
  if (row.pages >= 0)
    return header + Math.min(row.length, PAGE_DATA_HEADER_SIZE + row.pages * PFN_ENTRY_SIZE, LOAD_LIMIT);
  const isWalked = row.kind === 'record' && recordSpec(row.layer, row.type)?.walked === true;
  return header + Math.min(padded(row.length), isWalked ? WALKED_LOAD_LIMIT : LOAD_LIMIT);
}
