/** Where the kernel has what a page holds, and what it calls it. */
import type { PageByte } from '../guest-memory';
import { namedText, type SymbolTable } from '../symbols/table';

/** An address of the kernel, and its name. */
export interface KernelAddress {
  readonly va: bigint;
  /** `schedule+0x4f`; absent where no symbol reaches. */
  readonly name?: string;
}

/**
 * Returns the address at which the kernel has a byte; undefined for one that it has nowhere among its symbols. `pages` is
 * what `pageAddresses` found with them.
 */
export function kernelAddress(
  pages: ReadonlyMap<number, bigint>,
  symbols: SymbolTable,
  { pfn, inPage }: PageByte,
): KernelAddress | undefined {
  const page = pages.get(pfn);
  if (page === undefined) return undefined;
  const va = page + BigInt(inPage);
  const found = symbols.find(va);
  return { va, ...(found ? { name: namedText(found) } : {}) };
}
