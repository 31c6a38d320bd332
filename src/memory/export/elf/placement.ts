/**
 * Which pages .xen_pages has, and where. crash takes the place of a page in .xen_p2m for its PFN (read_xc_p2m() of
 * kernel.c) and does not even start where a page is missing in front of those that it needs, as in a guest that gave
 * memory back. So a PV guest has a place for every PFN: one without memory is a hole in the file, and has no frame.
 */
import { DomainType } from '../../../format/libxc/headers';
import type { ImageInfo } from '../../../scan/image';
import type { PfnRanks } from '../kit/stretches';

export interface Placement {
  /** Pages of .xen_pages. */
  readonly count: number;
  /** Those of them that are holes. */
  readonly holes: number;
  /** Place of a page that is there, by PFN and by the number of pages before it. */
  readonly place: (page: { readonly pfn: number; readonly rank: number }) => number;
}

/** Tells how a core file places pages. It has holes only where the image is complete and they are not most of the file. */
export function placementOf({ domainType, complete }: Readonly<ImageInfo>, ranks: PfnRanks): Placement {
  const holes = ranks.end - ranks.count;
  const isFilled = domainType === DomainType.X86_PV && complete && holes <= ranks.count;
  return isFilled
    ? { count: ranks.end, holes, place: ({ pfn }) => pfn }
    : { count: ranks.count, holes: 0, place: ({ rank }) => rank };
}
