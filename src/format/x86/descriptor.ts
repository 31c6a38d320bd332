/**
 * Descriptors: what GDT, LDT and IDT are made of. Base and limit lie in pieces, as they grew from the 80286 on.
 * Source: Intel SDM vol. 3A § 3.4.5, 5.8.3, 6.14; AMD APM vol. 2 § 4.7–4.8.
 */
import { hex0x } from '../../lib/text';
import { type Bits, struct, u16, u32, u8 } from '../kit/layout';
import { parse } from '../kit/parse';
import { segmentMeaning } from './segment';

const ACCESS: Bits = {
  type: { at: 0, width: 4, display: 'hex', doc: 'What kind of segment or gate.' },
  S: { at: 4, doc: 'Code or data, not a system segment or gate.' },
  DPL: { at: 5, width: 2, doc: 'Lowest privilege that may use it.' },
  P: { at: 7, doc: 'Present.' },
};

const HIGH: Bits = {
  limit_high: { at: 0, width: 4, display: 'hex', doc: 'Bits 19–16 of the limit.' },
  AVL: { at: 4, doc: 'Free for software.' },
  L: { at: 5, doc: '64-bit code.' },
  DB: { at: 6, doc: 'Operands and stack pointer of 32 bits.' },
  G: { at: 7, doc: 'The limit counts pages of 4096 bytes.' },
};

const SEGMENT_FIELDS = {
  limit_low: u16({ display: 'hex', doc: 'Bits 15–0 of the limit.' }),
  base_low: u16({ display: 'hex', doc: 'Bits 15–0 of the linear address of the segment.' }),
  base_mid: u8({ display: 'hex', doc: 'Bits 23–16 of the base.' }),
  access: u8({ display: 'hex', bits: ACCESS, doc: 'Type, privilege and presence.' }),
  high: u8({ display: 'hex', bits: HIGH, doc: 'Upper bits of the limit, and sizes.' }),
  base_high: u8({ display: 'hex', doc: 'Bits 31–24 of the base.' }),
} as const;

const SOURCE = 'Intel SDM vol. 3A § 3.4.5';

export const SEGMENT_DESCRIPTOR = struct('segment descriptor', SEGMENT_FIELDS, {
  source: SOURCE,
  summary: (values) => segmentText(values),
});

/** In long mode the base of a TSS or LDT has 64 bits, so that its descriptor takes two places. */
export const SYSTEM_DESCRIPTOR_64 = struct(
  'system descriptor (64-bit)',
  {
    ...SEGMENT_FIELDS,
    base_upper: u32({ display: 'hex', doc: 'Bits 63–32 of the base.' }),
    reserved: u32({ display: 'hex', doc: 'Reserved.' }),
  },
  { source: 'Intel SDM vol. 3A § 7.2.3', summary: (values) => segmentText(values) },
);

const GATE_FIELDS = {
  offset_low: u16({ display: 'hex', doc: 'Bits 15–0 of the handler’s address.' }),
  selector: u16({ display: 'hex', doc: 'Code segment of the handler.' }),
} as const;

export const GATE_32 = struct(
  'gate (32-bit)',
  {
    ...GATE_FIELDS,
    count: u8({ display: 'hex', doc: 'Words that a call gate copies to the new stack; else 0.' }),
    access: u8({ display: 'hex', bits: ACCESS, doc: 'Kind of gate, privilege and presence.' }),
    offset_high: u16({ display: 'hex', doc: 'Bits 31–16 of the handler’s address.' }),
  },
  { source: 'Intel SDM vol. 3A § 6.11' },
);

export const GATE_64 = struct(
  'gate (64-bit)',
  {
    ...GATE_FIELDS,
    ist: u8({
      display: 'hex',
      bits: { IST: { at: 0, width: 3, doc: 'Stack of the TSS that is switched to; 0 for none.' } },
      doc: 'Interrupt stack table.',
    }),
    access: u8({ display: 'hex', bits: ACCESS, doc: 'Kind of gate, privilege and presence.' }),
    offset_mid: u16({ display: 'hex', doc: 'Bits 31–16 of the handler’s address.' }),
    offset_high: u32({ display: 'hex', doc: 'Bits 63–32 of the handler’s address.' }),
    reserved: u32({ display: 'hex', doc: 'Reserved.' }),
  },
  { source: 'Intel SDM vol. 3A § 6.14.1' },
);

/** A descriptor put together. */
export interface Segment {
  readonly base: bigint;
  /** Last offset in the segment, bytes: a limit in pages is turned into bytes. */
  readonly limit: number;
  /** Packed as in `ARBYTES`. */
  readonly attributes: number;
}

type Values = Readonly<Record<string, number | bigint>>;

function put({
  limit_low = 0,
  base_low = 0,
  base_mid = 0,
  access = 0,
  high = 0,
  base_high = 0,
  ...rest
}: Values): Segment {
  const limit = Number(limit_low) + (Number(high) & 0xf) * 0x1_0000;
  const upper = BigInt(rest['base_upper'] ?? 0) << 32n;
  return {
    base: upper + BigInt(Number(base_low) + Number(base_mid) * 0x1_0000 + Number(base_high) * 0x100_0000),
    limit: (Number(high) & 0x80) === 0 ? limit : limit * 4096 + 4095,
    attributes: Number(access) | ((Number(high) >> 4) << 8),
  };
}

function segmentText(values: Values): string {
  const { base, limit, attributes } = put(values);
  return `${segmentMeaning(attributes)} · base ${hex0x(base)} · limit ${hex0x(limit)}`;
}

/** Bytes of a descriptor: a system segment (LDT, TSS) takes 16 in long mode. */
export function descriptorSize(first: Uint8Array, longMode: boolean): 8 | 16 {
  return longMode && ((first[5] ?? 0) & 0x10) === 0 ? 16 : 8;
}

/** Reads a descriptor of 8 or 16 bytes. */
export function segmentOf(bytes: Uint8Array): Segment {
  return put(bytes.length >= 16 ? parse(SYSTEM_DESCRIPTOR_64, bytes) : parse(SEGMENT_DESCRIPTOR, bytes));
}

/** Address of the handler behind a gate of the IDT, of 8 or 16 bytes. */
export function gateTarget(bytes: Uint8Array): bigint {
  if (bytes.length < 16) {
    const { offset_low, offset_high } = parse(GATE_32, bytes);
    return BigInt(offset_low + offset_high * 0x1_0000);
  }
  const { offset_low, offset_mid, offset_high } = parse(GATE_64, bytes);
  return (BigInt(offset_high) << 32n) + BigInt(offset_low + offset_mid * 0x1_0000);
}
