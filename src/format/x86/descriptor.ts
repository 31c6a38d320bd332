/**
 * Descriptors of segments: what GDT and LDT are made of, but for gates. Base and limit lie in pieces, as they grew from
 * the 80286 on. Source: Intel SDM vol. 3A § 3.4.5; AMD APM vol. 2 § 4.7–4.8.
 */
import { PAGE_SIZE } from '../page';
import { hex0x } from '../../lib/text';
import { type Bits, sizeOf, struct, u16, u32, u8 } from '../kit/layout';
import { fieldsOf } from '../kit/fields';
import { parse } from '../kit/parse';
import { segmentMeaning } from './segment';

/** Bits of the byte that says what a descriptor is. */
export const ACCESS: Bits = {
  type: { at: 0, width: 4, display: 'hex', doc: 'What kind of segment or gate.' },
  S: { at: 4, doc: 'Code or data, not a system segment or gate.' },
  DPL: { at: 5, width: 2, doc: 'Lowest privilege that may use it.' },
  P: { at: 7, doc: 'Present.' },
};

/** Bits of the byte with the upper bits of the limit. */
export const HIGH = {
  limit_high: { at: 0, width: 4, display: 'hex', doc: 'Bits 19–16 of the limit.' },
  AVL: { at: 4, doc: 'Free for software.' },
  L: { at: 5, doc: '64-bit code.' },
  DB: { at: 6, doc: 'Operands and stack pointer of 32 bits.' },
  G: { at: 7, doc: 'The limit counts pages of 4096 bytes.' },
} as const satisfies Bits;

const SEGMENT_FIELDS = {
  limit_low: u16({ display: 'hex', doc: 'Bits 15–0 of the limit.' }),
  base_low: u16({ display: 'hex', doc: 'Bits 15–0 of the linear address of the segment.' }),
  base_mid: u8({ display: 'hex', doc: 'Bits 23–16 of the base.' }),
  access: u8({ display: 'hex', bits: ACCESS, doc: 'Type, privilege and presence.' }),
  high: u8({ display: 'hex', bits: HIGH, doc: 'Upper bits of the limit, and sizes.' }),
  base_high: u8({ display: 'hex', doc: 'Bits 31–24 of the base.' }),
} as const;

const SOURCE = 'Intel SDM vol. 3A § 3.4.5';

/** The descriptor of a code, data or, outside of long mode, system segment. */
export const SEGMENT_DESCRIPTOR = struct('segment descriptor', SEGMENT_FIELDS, {
  source: SOURCE,
  summary: (values) => segmentText(values),
});

/** Bytes of a descriptor, or of each of the two places that a system descriptor of long mode takes. */
export const DESCRIPTOR_SIZE = sizeOf(SEGMENT_DESCRIPTOR);

/** Descriptors that fit into a page. */
export const DESCRIPTORS_PER_PAGE = PAGE_SIZE / DESCRIPTOR_SIZE;

/** The descriptor of a TSS or LDT in long mode: its base has 64 bits, so that it takes two places. */
export const SYSTEM_DESCRIPTOR_64 = struct(
  'system descriptor (64-bit)',
  {
    ...SEGMENT_FIELDS,
    base_upper: u32({ display: 'hex', doc: 'Bits 63–32 of the base.' }),
    reserved: u32({ reserved: true, display: 'hex', doc: 'Reserved.' }),
  },
  { source: 'Intel SDM vol. 3A § 7.2.3', summary: (values) => segmentText(values) },
);

/** What a segment descriptor says, its pieces put together. */
export interface Segment {
  readonly base: bigint;
  /** Last offset in the segment, bytes: a limit in pages is turned into bytes. */
  readonly limit: number;
  /** Packed as in `ARBYTES`. */
  readonly attributes: number;
}

/** Offset of the byte that says what a descriptor is: the same in all of them. */
export const ACCESS_AT = fieldsOf(SEGMENT_DESCRIPTOR)('access').offset;

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
    limit: (Number(high) & 0x80) === 0 ? limit : limit * PAGE_SIZE + PAGE_SIZE - 1,
    attributes: Number(access) | ((Number(high) >> 4) << 8),
  };
}

function segmentText(values: Values): string {
  const { base, limit, attributes } = put(values);
  return `${segmentMeaning(attributes)} · base ${hex0x(base)} · limit ${hex0x(limit)}`;
}

/** Types of system descriptors that take two places in long mode: LDT, TSS, call gate. The others there are none. */
const WIDE_TYPES: readonly number[] = [2, 9, 0xb, 0xc];

/** Returns the bytes that a descriptor in GDT or LDT takes, told from its first 8. */
export function descriptorSize(first: Uint8Array, longMode: boolean): 8 | 16 {
  const access = first[ACCESS_AT] ?? 0;
  return longMode && (access & 0x10) === 0 && WIDE_TYPES.includes(access & 0xf) ? 16 : 8;
}

/** Reads a segment descriptor of 8 or 16 bytes. */
export function segmentOf(bytes: Uint8Array): Segment {
  return put(bytes.length >= 16 ? parse(SYSTEM_DESCRIPTOR_64, bytes) : parse(SEGMENT_DESCRIPTOR, bytes));
}
