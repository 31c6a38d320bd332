/** The page that another one is a copy of. */
import type { GuestMemory } from '../guest-memory';
import { pageView } from './classify';
import type { Twins } from './twins';

/**
 * Finds the first PFN with the same bytes, once the pass over the contents has come by both; undefined where there is
 * none. Hashes point to it, and the bytes decide. Rejects with `ReadError`.
 */
export async function twinOf(memory: GuestMemory, twins: Twins, pfn: number): Promise<number | undefined> {
  const page = memory.page(pfn);
  if (page.state === 'absent') return undefined;
  const bytes = await memory.pageBytes(page);
  const first = twins.known(pageView(bytes));
  if (first === undefined || first === pfn) return undefined;
  const other = memory.page(first);
  if (other.state === 'absent') return undefined;
  const its = await memory.pageBytes(other);
  return bytes.every((byte, at) => byte === its[at]) ? first : undefined;
}
