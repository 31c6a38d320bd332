/** Fields that contexts of every kind are made of: registers and selectors. */
import { type IntOptions, type Names, u16, u32, u64 } from '../kit/layout';

type Doc = { readonly doc?: string };
const documented = (doc: string | undefined): Doc => (doc === undefined ? {} : { doc });

type More = Omit<IntOptions, 'doc' | 'display'>;

export const register64 = (doc?: string, more: More = {}) => u64({ display: 'register', ...documented(doc), ...more });
export const register32 = (doc?: string, more: More = {}) => u32({ display: 'register', ...documented(doc), ...more });

/**
 * Descriptors that Xen's own part of the GDT offers to its guests; 64-bit guests and 32-bit ones have the same entries
 * under different names. Source: public/arch-x86/xen-x86_64.h, xen-x86_32.h (FLAT_*).
 */
const FLAT_64: Names = { 0xe023: 'FLAT_RING3_CS32', 0xe02b: 'FLAT_RING3_DS32', 0xe033: 'FLAT_RING3_CS64' };
const FLAT_32: Names = {
  0xe019: 'FLAT_RING1_CS',
  0xe021: 'FLAT_RING1_DS',
  0xe02b: 'FLAT_RING3_CS',
  0xe033: 'FLAT_RING3_DS',
};

/** `ring 3 · FLAT_RING3_CS64`, `ring 0 · LDT`; nothing for the null selector. */
const selectorNote =
  (flat: Names) =>
  (value: number | bigint): string | undefined => {
    const selector = Number(value);
    if (selector === 0) return undefined;
    const name = flat[selector];
    const parts = [`ring ${selector & 3}`, (selector & 4) === 0 ? undefined : 'LDT', name];
    return parts.filter((part) => part !== undefined).join(' · ');
  };

/** A selector slot of a PV context, with the ring that it asks for. */
export const selector = (doc: string, width: 4 | 8) =>
  u16({ display: 'register', doc, note: selectorNote(width === 8 ? FLAT_64 : FLAT_32) });

/** A selector kept in a whole word. */
export const wideSelector32 = (doc: string) => u32({ display: 'hex', doc, note: selectorNote(FLAT_32) });
export const wideSelector64 = (doc: string) => u64({ display: 'hex', doc, note: selectorNote(FLAT_64) });
