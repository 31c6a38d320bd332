/** Records for components: the row of one, and its fields. */
import type { RecordRow } from '../../scan/records';
import { decodedRecord, type DecodedRecord } from '../../state/decoded';
import { type Answer, useAnswer } from './use-answer';
import { useFile, useProgress } from './use-file';

/** Returns the row of a record; undefined while the scan has not reached it. */
export function useRow(record: number | undefined): RecordRow | undefined {
  const { records } = useFile();
  // The index grows outside of React's sight: the number of records says when to look again.
  useProgress((progress) => (record === undefined ? 0 : Math.min(progress.records, record + 1)));
  return record === undefined ? undefined : records.row(record);
}

/** Returns a record with its fields; loading while the scan has not reached it, or no record is given. */
export function useDecoded(record: number | undefined): Answer<DecodedRecord> {
  const file = useFile();
  const row = useRow(record);
  return useAnswer(row && `${row.index}:${row.offset}`, row && (() => decodedRecord(file, row)));
}
