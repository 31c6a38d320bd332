/** Entries of a PV guest's page tables that are Xen's own, or special to it. Source: xen/arch/x86/include/asm/config.h. */
import { entryIndex, PV_LEVELS, PV_ROOT_32, XEN_32_START, XEN_64 } from '../../../../format/paging/modes';

/** Entries of an L4 table that Xen fills in itself, whatever the guest has there. */
const L4 = { first: entryIndex(XEN_64.start, PV_LEVELS.L4), end: entryIndex(XEN_64.end, PV_LEVELS.L4) } as const;

/** The first entry of Xen's own in the L2 table for the last GiB of a 32-bit guest's memory. */
const L2_FIRST = entryIndex(XEN_32_START, PV_LEVELS.L2);

/** The entry of a 32-bit guest's root that leads to that table. */
export const LAST_GIB = entryIndex(XEN_32_START, PV_ROOT_32);

/** Tells whether Xen fills in an entry itself. `xenL2`: the table is the L2 table for the last GiB of a 32-bit guest. */
export const isXens = (level: number, index: number, xenL2: boolean): boolean =>
  level === 4 ? index >= L4.first && index < L4.end : level === 2 && xenL2 && index >= L2_FIRST;
