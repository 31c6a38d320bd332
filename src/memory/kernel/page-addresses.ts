/** Where the kernel has its pages: what makes a page that is looked at by its PFN one with names in it. */
import { pageStart } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import { mappedPages, someLooks } from '../linux/mapped';
import type { PagingRegisters } from '../../format/paging/paging';
import type { SymbolTable } from '../symbols/table';

/** Pages that are kept: 256 MiB of kernel. */
const PAGES_LIMIT = 1 << 16;

/**
 * Finds the linear addresses of pages by PFN, of those that lie between the first symbol and the last. Of several vCPUs
 * the first counts whose tables map any; of several addresses of a page the lowest. Rejects with `ReadError`.
 */
export async function pageAddresses(
  memory: GuestMemory,
  roots: readonly PagingRegisters[],
  symbols: SymbolTable,
  breathe?: () => Promise<void>,
): Promise<ReadonlyMap<number, bigint>> {
  const found = new Map<number, bigint>();
  const { span } = symbols;
  if (!span) return found;
  const looks = someLooks(breathe);
  for (const registers of roots) {
    for await (const { pfn, va } of mappedPages(memory, registers, pageStart(span.first), span.last, looks)) {
      if (!found.has(pfn)) found.set(pfn, va);
      if (found.size === PAGES_LIMIT) return found;
    }
    if (found.size > 0) return found;
  }
  return found;
}
