/** Where the kernel has what a page holds, and what it calls it. */
import type { Hit } from '../search/hit';
import { namedText, type SymbolTable } from './table';

/** A byte of guest memory. */
export type PagePoint = Pick<Hit, 'pfn' | 'inPage'>;

export interface KernelPlace {
  readonly va: bigint;
  /** `schedule+0x4f`; absent where no symbol reaches. */
  readonly name?: string;
}

/** Undefined for what the kernel has nowhere among its symbols. `pages` is what `pageAddresses` found with them. */
export function kernelPlace(
  pages: ReadonlyMap<number, bigint>,
  symbols: SymbolTable,
  { pfn, inPage }: PagePoint,
): KernelPlace | undefined {
  const page = pages.get(pfn);
  if (page === undefined) return undefined;
  const va = page + BigInt(inPage);
  const found = symbols.find(va);
  return { va, ...(found ? { name: namedText(found) } : {}) };
}
