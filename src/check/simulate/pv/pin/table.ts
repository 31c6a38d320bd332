/** Pages that are validated as page tables. */
import { PTES } from '../../../../format/x86/page-table';
import { type Entry, entryOf, PRESENT } from '../../../rules/pv/tables/entry';
import { isXens } from './slots';

/** A page that is validated as a table. */
export interface Table {
  readonly bytes: DataView;
  /** PFN, level, and offset of its content in the file. */
  readonly at: { readonly table: number; readonly level: number; readonly offset: number };
  /** The stream has content for it. */
  readonly hasContent: boolean;
}

/** Returns the entries of the guest's own in a table that lead somewhere. */
export function presentEntries({ bytes, at }: Pick<Table, 'bytes' | 'at'>): Entry[] {
  return Array.from({ length: PTES }, (_, index) => entryOf(bytes, at, index)).filter(
    ({ index, flags }) => (flags & PRESENT) !== 0 && !isXens(at.level, index, false),
  );
}
