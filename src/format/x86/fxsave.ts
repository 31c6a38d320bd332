/**
 * The 512 bytes that FXSAVE writes and XSAVE areas begin with: x87, MMX and SSE. Source: Intel SDM vol. 1 § 10.5.1, AMD
 * APM vol. 2 § 11.4.4; names as in Xen's xen/arch/x86/include/asm/xstate.h.
 */
import { hex } from '../../lib/text';
import {
  type BitRange,
  type Bits,
  bytes,
  sizeOf,
  struct,
  type StructField,
  toVa,
  u16,
  u32,
  u64,
  u8,
} from '../kit/layout';
import type { MemoryRef } from '../kit/node';
import { float80Text } from './float80';

/** Describes reserved bits. */
export const reserved = (at: number, width = 1): BitRange => ({
  at,
  width,
  display: 'hex',
  reserved: true,
  doc: 'Reserved',
});

/** Describes a register of 64 bits. */
export const word = (doc: string) => u64({ display: 'register', doc });
/** Describes a register of 64 bits that holds a linear address. */
export const address = (doc: string) => u64({ display: 'register', doc, leadsTo: toVa });

const ROUNDING = { 0: 'to nearest', 1: 'down', 2: 'up', 3: 'towards zero' };

const MASKS = {
  IM: 'Invalid operation',
  DM: 'Denormal operand',
  ZM: 'Division by zero',
  OM: 'Overflow',
  UM: 'Underflow',
  PM: 'Precision',
};
const EXCEPTIONS = {
  IE: 'Invalid operation',
  DE: 'Denormal operand',
  ZE: 'Division by zero',
  OE: 'Overflow',
  UE: 'Underflow',
  PE: 'Precision',
};

const flags = (names: Readonly<Record<string, string>>, from: number, what: string): Bits =>
  Object.fromEntries(
    Object.entries(names).map(([name, about], index) => [name, { at: from + index, doc: `${about}: ${what}` }]),
  );

const FCW: Bits = {
  ...flags(MASKS, 0, 'exception masked'),
  reserved_6: reserved(6, 2),
  PC: { at: 8, width: 2, names: { 0: '24 bits', 2: '53 bits', 3: '64 bits' }, doc: 'Precision of results' },
  RC: { at: 10, width: 2, names: ROUNDING, doc: 'Rounding' },
  X: { at: 12, doc: 'Infinity control of the 80287, without effect since' },
  reserved_13: reserved(13, 3),
};

const FSW: Bits = {
  ...flags(EXCEPTIONS, 0, 'exception seen'),
  SF: { at: 6, doc: 'Stack overflow or underflow' },
  ES: { at: 7, doc: 'An exception that is not masked is pending' },
  C0: { at: 8, doc: 'Condition code 0' },
  C1: { at: 9, doc: 'Condition code 1' },
  C2: { at: 10, doc: 'Condition code 2' },
  TOP: { at: 11, width: 3, doc: 'Physical register that is st0' },
  C3: { at: 14, doc: 'Condition code 3' },
  B: { at: 15, doc: 'Busy: the same as ES' },
};

const MXCSR: Bits = {
  ...flags(EXCEPTIONS, 0, 'exception seen'),
  DAZ: { at: 6, doc: 'Denormal operands count as zero' },
  ...flags(MASKS, 7, 'exception masked'),
  RC: { at: 13, width: 2, names: ROUNDING, doc: 'Rounding' },
  FZ: { at: 15, doc: 'Results too small become zero' },
  reserved_16: reserved(16),
  MM: { at: 17, doc: 'Misaligned operands allowed (AMD)' },
  reserved_18: reserved(18, 14),
};

const FTW: Bits = Object.fromEntries(
  Array.from({ length: 8 }, (_, index) => [`R${index}`, { at: index, doc: `Physical register ${index} is in use` }]),
);

/** Returns the opcode that the eleven bits name: they leave out the five that begin all x87 opcodes. */
const opcode = (value: number | bigint): string | undefined =>
  Number(value) === 0 ? undefined : `${hex(0xd8 + ((Number(value) >> 8) % 8), 2)} ${hex(Number(value) & 0xff, 2)}`;

/**
 * Returns where an instruction or data pointer leads. The 64 bits are one address, or offset and selector: `fpu_word_size`
 * says which, and stands too far behind. Only where both mean the same is there an answer.
 */
function pointed(value: number | bigint): MemoryRef | undefined {
  const at = BigInt(value);
  const isFlat = at > 0n && at <= 0xffff_ffffn;
  return isFlat || at >= 0xffff_8000_0000_0000n ? { space: 'va', at } : undefined;
}

const pointer = (of: string) =>
  u64({
    display: 'register',
    doc: `Address of the last x87 ${of}: 64 bits, or a selector and 32 bits, as fpu_word_size says.`,
    bits: {
      offs: { at: 0, width: 32, display: 'hex', doc: 'Offset, where the word size is 4' },
      sel: { at: 32, width: 16, display: 'hex', doc: 'Selector, where the word size is 4' },
      rsvd: { at: 48, width: 16, reserved: true, display: 'hex', doc: 'Nothing, where the word size is 4' },
    },
    leadsTo: pointed,
  });

/** An x87 register, counted from the top of the stack; the tags go by physical registers instead. */
export const X87_REGISTER = struct(
  'st',
  {
    significand: u64({ display: 'register', doc: 'Integer bit and fraction; of MMX code the whole value.' }),
    sign_exponent: u16({
      display: 'register',
      doc: 'Sign, and exponent plus 16 383.',
      bits: { exponent: { at: 0, width: 15, doc: 'Exponent plus 16 383' }, sign: { at: 15, doc: 'Negative' } },
    }),
    padding: bytes(6, { reserved: true, doc: 'Not used.' }),
  },
  {
    summary: ({ significand = 0n, sign_exponent = 0 }) => float80Text(BigInt(significand), Number(sign_exponent)),
  },
);

/** Describes 128 bits of a register in two words, from bit `from` of the register on. */
export const vector128 = (name: string, doc: string, from = 0) =>
  struct(
    name,
    {
      lo: u64({ display: 'register', doc: `Bits ${from + 63}–${from}.` }),
      hi: u64({ display: 'register', doc: `Bits ${from + 127}–${from + 64}.` }),
    },
    { doc, summary: ({ lo = 0n, hi = 0n }) => `${hex(hi, 16)}${hex(lo, 16)}` },
  );

/** Makes `count` fields of one kind: `name0`, `name1` and so on. */
export const numbered = (
  count: number,
  name: (index: number) => string,
  field: (index: number) => StructField,
): Record<string, StructField> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), field(index)]));

/** The area that FXSAVE writes: x87, MMX and SSE. */
export const FXSAVE = struct(
  'fpu_sse',
  {
    fcw: u16({ display: 'register', bits: FCW, doc: 'x87 control word.' }),
    fsw: u16({ display: 'register', bits: FSW, doc: 'x87 status word.' }),
    ftw: u8({ display: 'register', bits: FTW, doc: 'x87 tags, abridged: a bit for each physical register in use.' }),
    rsvd1: u8({ reserved: true, display: 'hex', doc: 'Reserved.' }),
    fop: u16({ display: 'register', note: opcode, doc: 'Opcode of the last x87 instruction, 11 bits.' }),
    fip: pointer('instruction'),
    fdp: pointer('operand'),
    mxcsr: u32({ display: 'register', bits: MXCSR, doc: 'SSE control and status.' }),
    mxcsr_mask: u32({
      display: 'register',
      doc: 'Bits of mxcsr that the saving CPU has; 0 stands for 0000ffbf.',
    }),
    st: struct(
      'st',
      numbered(
        8,
        (index) => `st${index}`,
        (index) => ({
          ...X87_REGISTER,
          doc: `x87 register ${index} from the top of the stack, 80 bits; mm${index} of MMX code.`,
        }),
      ),
      { doc: 'x87 registers from the top of the stack.', summary: () => '8 × 16 B' },
    ),
    xmm: struct(
      'xmm',
      numbered(
        16,
        (index) => `xmm${index}`,
        (index) => vector128('xmm', `SSE register ${index}; the low 128 bits of ymm${index}.`),
      ),
      { doc: 'SSE registers.', summary: () => '16 × 16 B' },
    ),
    reserved: bytes(48, { reserved: true, doc: 'Reserved.' }),
    unused: bytes(47, { doc: 'Left to software by the CPU; Xen uses only the octet behind.' }),
    fpu_word_size: u8({
      names: { 0: 'not told: 64-bit fip and fdp', 2: '16 bits', 4: '32-bit with selectors', 8: '64-bit fip and fdp' },
      doc: 'Form of fip and fdp, kept here by Xen.',
    }),
  },
  {
    doc: 'x87, MMX and SSE as FXSAVE writes them.',
    source: 'Intel SDM vol. 1 § 10.5.1; Xen, asm/xstate.h (struct xsave_struct), asm/i387.h (FPU_WORD_SIZE_OFFSET)',
  },
);

/** Bytes that FXSAVE writes. */
export const FXSAVE_SIZE = sizeOf(FXSAVE);

/** Tells whether the x87 register `index` from the top of the stack is in use. */
export const isInUse = (fsw: number, ftw: number, index: number): boolean =>
  ((ftw >> ((((fsw >> 11) & 7) + index) & 7)) & 1) === 1;
