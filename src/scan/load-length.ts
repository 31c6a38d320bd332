/** How much of a row must be read to show its fields. */
import { LibxcType } from '../format/libxc/types';
import { LibxlType } from '../format/libxl/records';
import { padded, RECORD_HEADER_SIZE } from '../format/framing';
import type { RecordRow } from './records';

/** Most of a body that is loaded to show its fields, bytes. What lies behind is read when an array item is looked at. */
const LOAD_LIMIT = 1024 * 1024 + 64;
/** An HVM context and the sections of QEMU have to be walked from their start. */
const CONTEXT_LOAD_LIMIT = 16 * 1024 * 1024;

/** Bytes from the start of the row to load before `decodeRow`; never page contents. */
export function loadLength(row: RecordRow): number {
  const header = row.kind === 'header' ? 0 : RECORD_HEADER_SIZE;
  if (row.pages >= 0) return header + Math.min(row.length, 8 + row.pages * 8, LOAD_LIMIT);
  const walked = row.layer === 'libxc' ? LibxcType.HVM_CONTEXT : LibxlType.EMULATOR_CONTEXT;
  const isContext = row.kind === 'record' && row.type === walked;
  return header + Math.min(padded(row.length), isContext ? CONTEXT_LOAD_LIMIT : LOAD_LIMIT);
}
