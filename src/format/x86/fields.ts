/** Fields that contexts of every kind are made of: registers and selectors. */
import { type IntOptions, type Names, u16, u32, u64 } from '../kit/layout';
import { XEN_SELECTORS } from './selector';

type Doc = { readonly doc?: string };
const documented = (doc: string | undefined): Doc => (doc === undefined ? {} : { doc });

type More = Omit<IntOptions, 'doc' | 'display'>;

/** Describes a field of 64 bits with a register. */
export const register64 = (doc?: string, more: More = {}) => u64({ display: 'register', ...documented(doc), ...more });
/** Describes a field of 32 bits with a register. */
export const register32 = (doc?: string, more: More = {}) => u32({ display: 'register', ...documented(doc), ...more });

/** `ring 3 · FLAT_RING3_CS64`, `ring 0 · LDT`; nothing for the null selector. */
const selectorNote =
  (named: Names) =>
  (value: number | bigint): string | undefined => {
    const selector = Number(value);
    if (selector === 0) return undefined;
    const name = named[selector];
    const parts = [`ring ${selector & 3}`, (selector & 4) === 0 ? undefined : 'LDT', name];
    return parts.filter((part) => part !== undefined).join(' · ');
  };

/** Describes a field of 16 bits with a selector of a PV guest: its note tells the ring that it asks for. */
export const selector = (doc: string, width: 4 | 8) =>
  u16({ display: 'register', doc, note: selectorNote(XEN_SELECTORS[width]) });

/** Describes a field of 32 bits with a selector of a 32-bit PV guest. */
export const wideSelector32 = (doc: string) => u32({ display: 'hex', doc, note: selectorNote(XEN_SELECTORS[4]) });
/** Describes a field of 64 bits with a selector of a 64-bit PV guest. */
export const wideSelector64 = (doc: string) => u64({ display: 'hex', doc, note: selectorNote(XEN_SELECTORS[8]) });
