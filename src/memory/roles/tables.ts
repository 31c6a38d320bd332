/**
 * The page tables of HVM and PVH guests, which the stream does not tell from other pages: those that are reached from
 * the roots. A PV guest's are known by their types.
 */
import { readU32, readU64 } from '../../format/kit/bytes';
import { offsetInPage, PAGE_SIZE, pfnOf } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import { frameOf, isLarge, reservedBits } from '../../format/paging/entries';
import { PRESENT } from '../../format/x86/page-table';
import type { Paging } from '../../format/paging/paging';
import { one, type RoleRange } from './role';

/** Tables found: those of 128 GiB of address space in small pages. */
const TABLES = 65_536;
/** Tables gone through, for all vCPUs and levels. */
const LOOKS = 4 * TABLES;

/** What several roots share. */
export interface TablesSeen {
  /** PFNs of the tables found. */
  readonly known: Set<number>;
  /** Tables gone through, by level: of vCPUs of one kernel most are the same. */
  readonly looked: Set<string>;
}

/** Yields the tables below the root, level by level. Loops end with the last level. */
export async function tablesOf(
  memory: GuestMemory,
  paging: Paging,
  { known, looked }: TablesSeen,
  breathe: () => Promise<void>,
): Promise<RoleRange[]> {
  if (memory.blanked) return [];
  const { levels } = paging.mode;
  const found: RoleRange[] = [];
  let level = new Set([paging.root]);
  for (let depth = 0; depth < levels.length - 1; depth++) {
    const next = new Set<bigint>();
    for (const table of level) {
      const place = `${paging.mode.id} ${depth} ${table}`;
      if (looked.has(place)) continue;
      looked.add(place);
      for (const entry of await entriesOf(memory, paging, table, depth)) next.add(entry);
      if (known.size + next.size > TABLES || looked.size > LOOKS) break;
      await breathe();
    }
    for (const table of next) {
      const pfn = pfnOf(table);
      if (known.has(pfn)) continue;
      known.add(pfn);
      found.push(one(pfn, 'table', `table of ${levels[depth + 1]?.entry ?? 'entrie'}s`));
    }
    level = next;
  }
  return found;
}

/** Tables that the entries of a table lead to. */
async function entriesOf(memory: GuestMemory, paging: Paging, table: bigint, depth: number): Promise<bigint[]> {
  const level = paging.mode.levels[depth];
  const page = memory.page(pfnOf(table));
  if (!level || page.state === 'absent') return [];
  const bytes = await memory.pageBytes(page);
  const { entrySize } = paging.mode;
  const from = offsetInPage(table);
  const end = Math.min(PAGE_SIZE, from + 2 ** level.bits * entrySize);
  const found: bigint[] = [];
  for (let at = from; at < end; at += entrySize) {
    const entry = entrySize === 8 ? readU64(bytes, at, true) : BigInt(readU32(bytes, at, true));
    if ((entry & PRESENT) === 0n) continue;
    const large = isLarge(level, entry, paging);
    if (large || (entry & reservedBits(level, large, paging)) !== 0n) continue;
    const frame = frameOf(entry, large, paging);
    if (memory.page(pfnOf(frame)).state === 'here') found.push(frame);
  }
  return found;
}
