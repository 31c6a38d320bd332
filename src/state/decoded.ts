/** The fields of records, read and decoded when they are looked at, and kept for a while. */
import type { FieldNode } from '../format/kit/node';
import { Lru } from '../lib/lru';
import { loadLength } from '../scan/load-length';
import type { RecordRow } from '../scan/records';
import type { OpenFile } from './open-file';

/** A record with its fields. */
export interface DecodedRecord {
  readonly row: RecordRow;
  readonly nodes: readonly FieldNode[];
}

const KEPT = 64;
const cache = new WeakMap<OpenFile, Lru<number, Promise<DecodedRecord>>>();

async function load({ source, image, size }: OpenFile, row: RecordRow): Promise<DecodedRecord> {
  // The layouts of all records come with the first one that is looked at.
  const [{ decodeRow }, bytes] = await Promise.all([
    import('../scan/decode-row'),
    source.read(row.offset, loadLength(row)),
  ]);
  return { row, nodes: decodeRow(row, bytes, size, image) };
}

/**
 * Returns a record with its fields: the same promise for all who ask for one record. Rejects where it could not be
 * read.
 */
export function decodedRecord(file: OpenFile, row: RecordRow): Promise<DecodedRecord> {
  const known = cache.get(file) ?? new Lru<number, Promise<DecodedRecord>>(KEPT);
  cache.set(file, known);
  const found = known.get(row.index) ?? load(file, row);
  known.set(row.index, found);
  // A read that failed may go well another time.
  found.catch(() => known.delete(row.index));
  return found;
}
