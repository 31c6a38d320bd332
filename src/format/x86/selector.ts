/** Selectors, and those that Xen gives to PV guests. Source: public/arch-x86/xen.h, xen-x86_32.h, xen-x86_64.h. */

/** GDT entries from here on are Xen's own (FIRST_RESERVED_GDT_ENTRY). */
export const FIRST_XEN_ENTRY = 7168;

const XEN_SELECTORS: Readonly<Record<4 | 8, Readonly<Record<number, string>>>> = {
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

/** Xen's name of a selector in a PV guest of this width, bytes; undefined for the guest's own. */
export const xenSelector = (selector: number, width: 4 | 8): string | undefined => XEN_SELECTORS[width][selector];

export const selectorIndex = (selector: number): number => selector >> 3;
export const isLocal = (selector: number): boolean => (selector & 4) !== 0;
