/** The entries of a policy record, decoded all at once: there are a few dozen of them. */
import { reasonOf } from '../../lib/reason';
import { useEffect, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { fileData } from '../../state/session';
import { useDecoded } from '../shared/use-decoded';

/** More than Xen can serialise; what a damaged record has beyond is left to the record's own view. */
const ENTRY_LIMIT = 4096;

export type Entries =
  | { readonly state: 'none' | 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly record: number; readonly list: readonly FieldNode[]; readonly total: number };

/** Entries of the array called `name` in a record. */
export function useEntries(record: number | undefined, name: string): Entries {
  const decoded = useDecoded(record);
  const data = fileData();
  const node = decoded.state === 'ready' ? decoded.nodes.find((found) => found.name === name) : undefined;
  const items = node?.items;
  const [result, setResult] = useState<{ readonly of: unknown; readonly entries: Entries }>();
  useEffect(() => {
    if (!items || record === undefined) return undefined;
    let wanted = true;
    const count = Math.min(items.count, ENTRY_LIMIT);
    const put = (entries: Entries): void => {
      if (wanted) setResult({ of: items, entries });
    };
    data.source.read(items.offset, count * items.stride).then(
      (bytes) => {
        const list = Array.from({ length: count }, (_, index) =>
          items.decode(index, bytes.subarray(index * items.stride, (index + 1) * items.stride)),
        );
        put({ state: 'ready', record, list, total: items.count });
      },
      (error: unknown) => put({ state: 'failed', reason: reasonOf(error, 'the read failed') }),
    );
    return () => {
      wanted = false;
    };
  }, [items, record, data]);
  if (record === undefined) return { state: 'none' };
  if (decoded.state === 'failed') return decoded;
  if (decoded.state === 'ready' && !items) return { state: 'failed', reason: 'the record has no entries' };
  return result && result.of === items ? result.entries : { state: 'loading' };
}

const NO_ENTRIES: readonly FieldNode[] = [];
export const listOf = (entries: Entries): readonly FieldNode[] =>
  entries.state === 'ready' ? entries.list : NO_ENTRIES;

export const partOf = (entry: FieldNode, name: string): FieldNode | undefined =>
  entry.children?.find((part) => part.name === name);

/** Value of a part of an entry. */
export function numberOf(entry: FieldNode, name: string): number {
  const value = partOf(entry, name)?.value;
  return typeof value === 'number' ? value : 0;
}

export function bigOf(entry: FieldNode, name: string): bigint {
  const value = partOf(entry, name)?.value;
  return typeof value === 'bigint' ? value : 0n;
}
