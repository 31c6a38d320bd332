/** What a search goes over, in which order, and how much that is. */
import { PAGE_SIZE } from '../../format/page';
import type { ScanResult } from '../../scan/scan';
import { MemoryPieces } from './memory-pieces';
import { filePieces, type Piece, recordPieces } from './pieces';
import type { Scope } from './kit/query';

interface Pass {
  readonly pieces: Iterable<Piece>;
  /** Copies that newer ones have replaced. */
  readonly older: boolean;
}

interface Plan {
  readonly passes: readonly Pass[];
  /** Bytes. */
  readonly total: number;
}

const lengthOf = (pieces: Iterable<Piece>): number => {
  let sum = 0;
  for (const { length } of pieces) sum += length;
  return sum;
};

/** Bytes of all copies of pages. */
function sentBytes({ pages }: ScanResult): number {
  let sum = 0;
  for (let index = 0; index < pages.runs; index++) {
    const { offset, count } = pages.run(index);
    if (offset >= 0) sum += count * PAGE_SIZE;
  }
  return sum;
}

/** Lists the pieces to be searched, in order. `margin` is how many bytes of a neighbour a match can reach into. */
export function planOf(scan: ScanResult, size: number, scope: Scope, all: boolean, margin: number): Plan {
  if (scope === 'file') return { passes: [{ pieces: filePieces(size), older: false }], total: size };
  if (scope === 'records') {
    const pieces = (): Iterable<Piece> => recordPieces(scan.records, size);
    return { passes: [{ pieces: pieces(), older: false }], total: lengthOf(pieces()) };
  }
  const memory = new MemoryPieces(scan.pages, scan.image);
  const latest: Pass = { pieces: memory.latest(), older: false };
  if (!all) return { passes: [latest], total: memory.latestBytes() };
  return { passes: [latest, { pieces: memory.older(margin), older: true }], total: sentBytes(scan) };
}
