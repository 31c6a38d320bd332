/** Segment attributes in the packed form that Xen streams carry, and what they mean. Source: AMD APM vol. 2 § 4.7, 15.5.1. */
import type { Bits } from '../kit/layout';

export const ARBYTES: Bits = {
  type: { at: 0, width: 4, display: 'hex', doc: 'Segment type' },
  S: { at: 4, doc: 'Code or data, not a system segment' },
  DPL: { at: 5, width: 2, doc: 'Descriptor privilege level' },
  P: { at: 7, doc: 'Present' },
  AVL: { at: 8, doc: 'Available to software' },
  L: { at: 9, doc: '64-bit code' },
  DB: { at: 10, doc: 'Default operand size 32 bits' },
  G: { at: 11, doc: 'Limit was given in pages' },
};

const SYSTEM_TYPES: Readonly<Record<number, string>> = {
  1: '16-bit TSS',
  2: 'LDT',
  3: '16-bit TSS, busy',
  9: 'TSS',
  11: 'TSS, busy',
};

/** `code 64-bit · R · DPL 0`, `data · W · DPL 3`, `TSS, busy`, `not present`. */
export function segmentMeaning(attributes: number): string {
  if ((attributes & 0x80) === 0) return 'not present';
  const type = attributes & 0xf;
  if ((attributes & 0x10) === 0) return SYSTEM_TYPES[type] ?? `system type ${type}`;
  const dpl = `DPL ${(attributes >> 5) & 3}`;
  const wide = (attributes & 0x400) === 0 ? '16-bit' : '32-bit';
  if ((type & 8) === 0) return ['data', ...((type & 2) === 0 ? [] : ['W']), dpl].join(' · ');
  const code = (attributes & 0x200) === 0 ? wide : '64-bit';
  return [`code ${code}`, ...((type & 2) === 0 ? [] : ['R']), dpl].join(' · ');
}
