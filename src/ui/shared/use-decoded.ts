/** The fields of a record, read and decoded when it is looked at. */
import { reasonOf } from '../../lib/reason';
import { useEffect, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { Lru } from '../../lib/lru';
import { loadLength } from '../../scan/load-length';
import type { ImageInfo } from '../../scan/image';
import type { RecordRow } from '../../scan/records';
import { fileData, type FileData } from '../../state/session';
import { useApp } from '../../state/store';

export type Decoded =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly row: RecordRow; readonly nodes: readonly FieldNode[] };

const LOADING: Decoded = { state: 'loading' };
const cache = new WeakMap<FileData, Lru<number, Promise<Decoded>>>();

async function load(data: FileData, row: RecordRow, image: ImageInfo): Promise<Decoded> {
  try {
    // The layouts of all records come with the first one that is looked at.
    const [{ decodeRow }, bytes] = await Promise.all([
      import('../../scan/decode-row'),
      data.source.read(row.offset, loadLength(row)),
    ]);
    return { state: 'ready', row, nodes: decodeRow(row, bytes, data.source.size, image) };
  } catch (error) {
    return { state: 'failed', reason: reasonOf(error, 'the read failed') };
  }
}

/** The decoded record; the same promise for all who ask for one record. */
export function decodedRecord(row: RecordRow): Promise<Decoded> {
  const data = fileData();
  const { image } = useApp.getState();
  const known = cache.get(data) ?? new Lru<number, Promise<Decoded>>(64);
  cache.set(data, known);
  const found = known.get(row.index) ?? load(data, row, image);
  known.set(row.index, found);
  return found;
}

/** The row of a record; undefined while the scan has not reached it. */
export function useRow(record: number | undefined): RecordRow | undefined {
  // The index grows outside of React's sight: the number of records says when to look again.
  useApp((state) => (record === undefined ? 0 : Math.min(state.progress.records, record + 1)));
  useApp((state) => state.file);
  return record === undefined ? undefined : fileData().records.row(record);
}

export function useDecoded(record: number | undefined): Decoded {
  const row = useRow(record);
  const data = fileData();
  const key = row && `${row.index}:${row.offset}`;
  const [result, setResult] = useState<{ readonly key: string | undefined; readonly decoded: Decoded }>();
  useEffect(() => {
    if (!row) return undefined;
    let wanted = true;
    void decodedRecord(row).then((decoded) => {
      if (wanted) setResult({ key, decoded });
    });
    return () => {
      wanted = false;
    };
    // `key` stands for the row, which is made anew on every look.
  }, [key, data]);
  return result && result.key === key ? result.decoded : LOADING;
}
