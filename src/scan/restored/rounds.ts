/** The rounds of a stream, each of which brings the state of the vCPUs anew: those of checkpoints, and the rest. */
import { LibxcType } from '../../format/libxc/types';
import { upperBound } from '../../lib/bisect';
import type { RecordIndex } from '../records';

/** Returns how many checkpoints end before a record; `checkpoints` are the rows of CHECKPOINT records, ascending. */
export const roundOf = (checkpoints: readonly number[], record: number): number =>
  upperBound(checkpoints.length, (at) => checkpoints[at] ?? 0, record);

/** Whether a row parts the state of one round from what comes next: pages, a CHECKPOINT, or another layer. */
const isBorder = (records: RecordIndex, row: number): boolean =>
  records.layerAt(row) !== 'libxc' ||
  records.isHeader(row) ||
  records.typeAt(row) === LibxcType.PAGE_DATA ||
  records.typeAt(row) === LibxcType.CHECKPOINT;

/**
 * Returns the row behind the records of state that a record of state stands among: as of it, they are what libxc has
 * kept.
 */
export function stateEnd(records: RecordIndex, record: number): number {
  let end = record + 1;
  while (end < records.count && !isBorder(records, end)) end++;
  return end;
}
