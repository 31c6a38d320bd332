/** What questions and jobs work on: the open file and what is known of it. */
import type { CheckFinding } from '../check/kit/finding';
import type { Exportable } from '../memory/export/kit/plan';
import type { GuestMemory } from '../memory/guest-memory';
import type { GuestMap } from '../memory/guest-map';
import type { SymbolTable } from '../memory/symbols/table';
import type { Scan } from '../scan/scan';
import type { ByteSource } from '../source/source';

/** An open file as its worker has it. */
export interface WorkerFile {
  readonly scan: Scan;
  readonly memory: GuestMemory;
  readonly map: GuestMap;
  readonly source: ByteSource;
  /** Findings of the last check: what lines of a log are held against. */
  findings: readonly CheckFinding[];
  /** Symbols of the guest's kernel, where somebody gave them. */
  symbols?: SymbolTable;
}

/** Picks what an export needs of the open file. */
export const exportableOf = ({ scan, source, memory }: WorkerFile): Exportable => ({
  source,
  memory,
  records: scan.records,
  pages: scan.pages,
  image: scan.image,
});
