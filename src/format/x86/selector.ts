/** Selectors, and those that Xen gives to PV guests. Source: public/arch-x86/xen.h, xen-x86_32.h, xen-x86_64.h. */
import type { Names } from '../kit/layout';

/** First entry of the GDT that is Xen's own: a PV guest has those before it (FIRST_RESERVED_GDT_ENTRY). */
export const FIRST_XEN_ENTRY = 7168;

/** Entries that a selector can name in GDT or LDT: its index has 13 bits. */
export const SELECTOR_ENTRIES = 8192;

/** Selectors of the flat segments that Xen's own part of the GDT offers to 32-bit guests. */
const FLAT_32 = { RING1_CS: 0xe019, RING1_DS: 0xe021, RING3_CS: 0xe02b, RING3_DS: 0xe033 } as const;
/** Selectors of the same entries, as 64-bit guests have them. */
const FLAT_64 = { RING3_CS32: 0xe023, RING3_DS32: 0xe02b, RING3_CS64: 0xe033 } as const;

/** Selector of the flat segment in which a guest's kernel runs, by the guest's width in bytes. */
export const FLAT_KERNEL_CS: Readonly<Record<4 | 8, number>> = { 4: FLAT_32.RING1_CS, 8: FLAT_64.RING3_CS64 };

/** Selector of the flat segment in which a 64-bit guest runs 32-bit code. */
export const FLAT_CS32 = FLAT_64.RING3_CS32;

const flatNames = (flat: Readonly<Record<string, number>>): Names =>
  Object.fromEntries(Object.entries(flat).map(([name, selector]) => [selector, `FLAT_${name}`]));

/** Names of the selectors that Xen's own part of the GDT offers to its guests, by the guest's width in bytes. */
export const XEN_SELECTORS: Readonly<Record<4 | 8, Names>> = { 4: flatNames(FLAT_32), 8: flatNames(FLAT_64) };

/** Returns the number of the entry that a selector names. */
export const selectorIndex = (selector: number): number => selector >> 3;

/** Tells whether a selector names an entry of the LDT. */
export const isLocal = (selector: number): boolean => (selector & 4) !== 0;
