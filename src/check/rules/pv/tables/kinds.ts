/** What Xen uses a page of a PV guest as. Source: xen/arch/x86/include/asm/mm.h (PGT_*). */

/** Page types as Xen numbers them; 1 to 4 are page tables of that level. */
export const Kind = { none: 0, segment: 5, writable: 7 } as const;
