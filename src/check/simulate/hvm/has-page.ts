/** Whether the stream gives an HVM guest a page at a PFN, with content or without. */
import type { Simulation } from '../simulation';

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Returns whether the stream has the page, with content or without. */
export const hasPage = (sim: Simulation, pfn: bigint): boolean =>
  pfn <= SAFE && sim.pagesWithMemory.get(Number(pfn)) !== undefined;
