/** The entries of a policy record, decoded all at once: there are a few dozen of them. */
import type { FieldNode, ItemsView } from '../../format/kit/node';
import type { ByteSource } from '../../source/source';
import { useAnswer } from '../shared/use-answer';
import { useDecoded } from '../shared/use-decoded';
import { useFile } from '../shared/use-file';

/** More than Xen can serialise; what a damaged record has beyond is left to the record's own view. */
const ENTRY_LIMIT = 4096;

export type Entries =
  | { readonly state: 'none' | 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly record: number; readonly list: readonly FieldNode[]; readonly total: number };

/** Returns the entries of the array called `name` in a record. */
export function useEntries(record: number | undefined, name: string): Entries {
  const { source } = useFile();
  const decoded = useDecoded(record);
  const node = decoded.state === 'ready' ? decoded.value.nodes.find((found) => found.name === name) : undefined;
  const items = node?.items;
  const entries = useAnswer(items, items && (() => readEntries(source, items)));
  if (record === undefined) return { state: 'none' };
  if (decoded.state === 'failed') return decoded;
  if (decoded.state === 'ready' && !items) return { state: 'failed', reason: 'the record has no entries' };
  return entries.state === 'ready' ? { state: 'ready', record, ...entries.value } : entries;
}

async function readEntries(source: ByteSource, { offset, stride, count, decode }: ItemsView) {
  const read = Math.min(count, ENTRY_LIMIT);
  const bytes = await source.read(offset, read * stride);
  const list = Array.from({ length: read }, (_, index) =>
    decode(index, bytes.subarray(index * stride, (index + 1) * stride)),
  );
  return { list, total: count };
}

const NO_ENTRIES: readonly FieldNode[] = [];
/** Returns the entries that were read; an empty list while there are none. */
export const listOf = (entries: Entries): readonly FieldNode[] =>
  entries.state === 'ready' ? entries.list : NO_ENTRIES;

/** Returns the part of an entry that has this name, or undefined where no part has it. */
export const childNamed = (entry: FieldNode, name: string): FieldNode | undefined =>
  entry.children?.find((part) => part.name === name);

/** Returns the value of a part of an entry. */
export function numberOf(entry: FieldNode, name: string): number {
  const value = childNamed(entry, name)?.value;
  return typeof value === 'number' ? value : 0;
}

/** Returns the value of a 64-bit part of an entry; 0 where the entry has no such part. */
export function bigOf(entry: FieldNode, name: string): bigint {
  const value = childNamed(entry, name)?.value;
  return typeof value === 'bigint' ? value : 0n;
}
