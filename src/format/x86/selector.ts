/** Selectors, and those that Xen gives to PV guests. Source: public/arch-x86/xen.h, xen-x86_32.h, xen-x86_64.h. */
import type { Names } from '../kit/layout';

/** GDT entries from here on are Xen's own (FIRST_RESERVED_GDT_ENTRY). */
export const FIRST_XEN_ENTRY = 7168;

/**
 * Descriptors that Xen's own part of the GDT offers to its guests, by the guest's width in bytes; 64-bit guests and
 * 32-bit ones have the same entries under different names (FLAT_*).
 */
export const XEN_SELECTORS: Readonly<Record<4 | 8, Names>> = {
  4: {
    0xe019: 'FLAT_RING1_CS',
    0xe021: 'FLAT_RING1_DS',
    0xe02b: 'FLAT_RING3_CS',
    0xe033: 'FLAT_RING3_DS',
  },
  8: {
    0xe023: 'FLAT_RING3_CS32',
    0xe02b: 'FLAT_RING3_DS32',
    0xe033: 'FLAT_RING3_CS64',
  },
};

export const selectorIndex = (selector: number): number => selector >> 3;
export const isLocal = (selector: number): boolean => (selector & 4) !== 0;
