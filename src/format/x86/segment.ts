/** Segment attributes in the packed form that Xen streams carry, and what they mean. Source: AMD APM vol. 2 § 4.7, 15.5.1. */
import { maskOf } from '../kit/bits';
import type { Bits, Names } from '../kit/layout';

/** Names of the types of system segments and gates, where S is 0; for code and data the bits of the type say it. */
const SYSTEM_TYPES: Names = {
  1: '16-bit TSS',
  2: 'LDT',
  3: '16-bit TSS, busy',
  4: '16-bit call gate',
  5: 'task gate',
  6: '16-bit interrupt gate',
  7: '16-bit trap gate',
  9: 'TSS',
  11: 'TSS, busy',
  12: 'call gate',
  14: 'interrupt gate',
  15: 'trap gate',
};

/** Types of system segments and gates that long mode has kept. */
const LONG_MODE_TYPES: readonly number[] = [2, 9, 11, 12, 14, 15];

/** Returns the name of a type of system segment or gate: `TSS, busy`, `call gate`, `system type 8`; `reserved` where long mode has no such type. */
export function systemName(type: number, longMode = false): string {
  const name = SYSTEM_TYPES[type] ?? `system type ${type}`;
  return longMode && !LONG_MODE_TYPES.includes(type) ? `reserved (${name})` : name;
}

/** Bits of segment attributes in packed form. */
export const ARBYTES = {
  type: {
    at: 0,
    width: 4,
    display: 'hex',
    doc: 'Segment type. Code: 8 + 4 conforming + 2 readable + 1 accessed; data: 4 grows down + 2 writable + 1 accessed; system: 2 LDT, 9 TSS, 0xb busy TSS.',
  },
  S: { at: 4, doc: 'Code or data, not a system segment.' },
  DPL: {
    at: 5,
    width: 2,
    names: { 0: 'ring 0', 1: 'ring 1', 2: 'ring 2', 3: 'ring 3' },
    doc: 'Descriptor privilege level: least privileged ring that may use the segment; of ss the ring that runs.',
  },
  P: { at: 7, doc: 'Present.' },
  AVL: { at: 8, doc: 'Available to software.' },
  L: { at: 9, doc: '64-bit code.' },
  DB: { at: 10, doc: 'Default operand size 32 bits; of a stack esp, not sp.' },
  G: { at: 11, doc: 'Limit was given in pages; the limit field here is in bytes all the same.' },
  reserved: {
    at: 12,
    width: 20,
    display: 'hex',
    reserved: true,
    doc: 'Reserved, 0; streams of old VMX hosts have the flags here, not in bits 11–8.',
  },
} as const satisfies Bits;

/** Attribute P: the segment may be used. */
export const PRESENT = Number(maskOf(ARBYTES.P));
/** Attribute S: code or data, not a system segment or gate. */
export const CODE_OR_DATA = Number(maskOf(ARBYTES.S));
/** Bit of the type of a code or data segment: it is code. */
export const CODE = 8;

/** Returns the attributes of a segment in words: `code 64-bit · R · DPL 0`, `data · W · DPL 3`, `TSS, busy`, `not present`. */
export function segmentMeaning(attributes: number): string {
  if ((attributes & PRESENT) === 0) return 'not present';
  const type = attributes & 0xf;
  if ((attributes & CODE_OR_DATA) === 0) return systemName(type);
  const dpl = `DPL ${(attributes >> 5) & 3}`;
  const wide = (attributes & 0x400) === 0 ? '16-bit' : '32-bit';
  if ((type & CODE) === 0) return ['data', ...((type & 2) === 0 ? [] : ['W']), dpl].join(' · ');
  const code = (attributes & 0x200) === 0 ? wide : '64-bit';
  return [`code ${code}`, ...((type & 2) === 0 ? [] : ['R']), dpl].join(' · ');
}

/** Returns the attributes of a descriptor in words, with its flags: `code 64-bit · R · DPL 0 · A L G`, `TSS, busy · DPL 0`. */
export function descriptorMeaning(attributes: number, longMode: boolean): string {
  if ((attributes & PRESENT) === 0) return 'not present';
  const isSystem = (attributes & CODE_OR_DATA) === 0;
  const isCode = (attributes & CODE) !== 0;
  const has = (bit: number, word: string): string[] => ((attributes & bit) === 0 ? [] : [word]);
  const flags = [
    ...(isSystem ? [] : has(1, 'A')),
    ...has(0x100, 'AVL'),
    ...has(0x200, 'L'),
    ...has(0x400, 'DB'),
    ...has(0x800, 'G'),
  ];
  return [
    ...(isSystem
      ? [systemName(attributes & 0xf, longMode), `DPL ${(attributes >> 5) & 3}`]
      : [segmentMeaning(attributes), ...has(4, isCode ? 'conforming' : 'grows down')]),
    ...(flags.length === 0 ? [] : [flags.join(' ')]),
  ].join(' · ');
}
