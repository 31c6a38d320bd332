/** Symbols held against a guest: where its kernel was moved to, by the entry points of its vCPUs. */
import type { VcpuPoint } from '../vcpus/point';
import type { GuestMemory } from '../guest-memory';
import { entriesOf } from './entry-points';
import { findSlide } from './kaslr';
import type { SymbolTable } from '../symbols/table';

export interface SymbolsInfo {
  readonly count: number;
  /** Bytes that the kernel was moved by since it was linked. */
  readonly slide: bigint;
  /** `found`: by the symbols of entry points. `none`: no entry point fits, so it is taken as 0. `given`: by hand. */
  readonly how: 'found' | 'none' | 'given';
  /** Symbols that it was found by, of so many entry points with a name in the table. */
  readonly by: readonly string[];
  readonly of: number;
}

export interface Fitted {
  readonly table: SymbolTable;
  readonly info: SymbolsInfo;
}

/**
 * Finds where a kernel was moved to, by the entry points of its vCPUs; of several the one on which most entry points agree
 * counts. Rejects with `ReadError`.
 */
export async function fitSymbols(
  memory: GuestMemory,
  points: readonly VcpuPoint[],
  table: SymbolTable,
): Promise<Fitted> {
  const { count } = table;
  let best: ReturnType<typeof findSlide>;
  for (const point of points) {
    const found = findSlide(table, await entriesOf(memory, point));
    if (found && found.by.length > (best?.by.length ?? 0)) best = found;
  }
  if (!best) return { table, info: { count, slide: 0n, how: 'none', by: [], of: 0 } };
  return { table: table.moved(best.slide), info: { count, how: 'found', ...best } };
}

/** Moves the symbols by what somebody says that the kernel was moved by. */
export const moveSymbols = (table: SymbolTable, slide: bigint): Fitted => ({
  table: table.moved(slide),
  info: { count: table.count, slide, how: 'given', by: [], of: 0 },
});
