/** Whether the stream gives an HVM guest a page at a PFN, with content or without. */
import { PageType } from '../../../format/page';
import type { Simulation } from '../simulation';

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Returns whether the stream has the page, with content or without. */
export function hasPage(sim: Simulation, pfn: bigint): boolean {
  if (pfn > SAFE) return false;
  return sim.scan.pages.last(Number(pfn), ({ offset, type }) => offset >= 0 || type === PageType.XALLOC) !== undefined;
}
