/**
 * Gates: what the IDT is made of, and the call gates in GDT and LDT. In real mode addresses stand in their place.
 * Source: Intel SDM vol. 3A § 5.8.3, 6.11, 6.14; AMD APM vol. 2 § 4.7.3, 4.8.3, 8.6.
 */
import { counted, hex0x } from '../../lib/text';
import { struct, u16, u32, u8 } from '../kit/layout';
import { parse } from '../kit/parse';
import { ACCESS } from './descriptor';
import { CODE_OR_DATA, PRESENT, systemName } from './segment';

const GATE_FIELDS = {
  offset_low: u16({ display: 'hex', doc: 'Bits 15–0 of the handler’s address.' }),
  selector: u16({ display: 'hex', doc: 'Code segment of the handler; of a task gate the TSS.' }),
} as const;

/** A gate outside of long mode. */
export const GATE_32 = struct(
  'gate (32-bit)',
  {
    ...GATE_FIELDS,
    count: u8({ display: 'hex', doc: 'Words that a call gate copies to the new stack; else 0.' }),
    access: u8({ display: 'hex', bits: ACCESS, doc: 'Kind of gate, privilege and presence.' }),
    offset_high: u16({ display: 'hex', doc: 'Bits 31–16 of the handler’s address; not used by 16-bit gates.' }),
  },
  { source: 'Intel SDM vol. 3A § 6.11' },
);

/** A gate in long mode, which takes two places. */
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
    reserved: u32({ reserved: true, display: 'hex', doc: 'Reserved.' }),
  },
  { source: 'Intel SDM vol. 3A § 6.14.1' },
);

/** An entry of the interrupt table of real mode. */
export const REAL_VECTOR = struct(
  'real-mode vector',
  {
    offset: u16({ display: 'hex', doc: 'Offset of the handler in its segment.' }),
    segment: u16({ display: 'hex', doc: 'Segment of the handler: a 16th of its linear address.' }),
  },
  { source: 'AMD APM vol. 2 § 8.6' },
);

/** What a gate says, its pieces put together. */
export interface Gate {
  /** Code segment of the handler, of a task gate the TSS; in real mode the segment itself. */
  readonly selector: number;
  /** Offset of the handler in that segment. */
  readonly offset: bigint;
  /** Type, DPL and P as in the low byte of `ARBYTES`; undefined in real mode, where an entry is an address only. */
  readonly attributes?: number;
  /** Stack of the TSS that is switched to, 0 for none: in long mode only. */
  readonly ist: number;
  /** Words that a call gate copies to the new stack. */
  readonly count: number;
}

/** Bytes of a gate in the IDT: 4 in real mode, 16 in long mode, else 8. */
export type GateSize = 4 | 8 | 16;

const TASK_GATE = 5;
const CALL_GATES: readonly number[] = [4, 0xc];
/** 32-bit gates have this bit in their type. */
const WIDE = 8;

/** Reads a gate of 4, 8 or 16 bytes. */
export function gateOf(bytes: Uint8Array): Gate {
  if (bytes.length < 8) {
    const { segment, offset } = parse(REAL_VECTOR, bytes);
    return { selector: segment, offset: BigInt(offset), ist: 0, count: 0 };
  }
  if (bytes.length < 16) {
    const { selector, offset_low, offset_high, access, count } = parse(GATE_32, bytes);
    const type = access & 0xf;
    const high = (type & WIDE) === 0 ? 0 : offset_high;
    return {
      selector,
      offset: type === TASK_GATE ? 0n : BigInt(offset_low + high * 0x1_0000),
      attributes: access,
      ist: 0,
      count: CALL_GATES.includes(type) ? count & 0x1f : 0,
    };
  }
  const { selector, offset_low, offset_mid, offset_high, access, ist } = parse(GATE_64, bytes);
  const offset = (BigInt(offset_high) << 32n) + BigInt(offset_low + offset_mid * 0x1_0000);
  // Call gates have nothing where those of the IDT have their stack.
  return { selector, offset, attributes: access, ist: CALL_GATES.includes(access & 0xf) ? 0 : ist & 7, count: 0 };
}

/** A table that holds gates. What holds for the GDT holds for an LDT too. */
export type GateTable = 'IDT' | 'GDT';

const TABLE_TYPES = {
  IDT: { legacy: [5, 6, 7, 0xe, 0xf], long: [0xe, 0xf] },
  GDT: { legacy: [4, 5, 0xc], long: [0xc] },
} as const satisfies Record<GateTable, object>;

/** Tells whether the byte of type and privilege says that the descriptor is a gate that has a place in such a table. */
export function isGate(attributes: number, table: GateTable, longMode: boolean): boolean {
  const types: readonly number[] = TABLE_TYPES[table][longMode ? 'long' : 'legacy'];
  return (attributes & CODE_OR_DATA) === 0 && types.includes(attributes & 0xf);
}

/** Tells whether a gate leads to code at an offset: a task gate leads to a TSS. */
export const hasHandler = ({ attributes }: Gate, table: GateTable, longMode: boolean): boolean =>
  attributes === undefined ||
  ((attributes & PRESENT) !== 0 && isGate(attributes, table, longMode) && (attributes & 0xf) !== TASK_GATE);

/** Returns the kind of a gate: `interrupt gate`, `not present`; nothing in real mode. */
export function gateKind({ attributes }: Gate, table: GateTable, longMode: boolean): string {
  if (attributes === undefined) return '';
  if ((attributes & PRESENT) === 0) return 'not present';
  if (!isGate(attributes, table, longMode)) return `no gate: type ${hex0x(attributes & 0x1f)}`;
  return systemName(attributes & 0xf, longMode);
}

/** Returns a gate in GDT or LDT in words: `call gate · DPL 3 · copies 2 words`. */
export function callGateMeaning(gate: Gate, longMode: boolean): string {
  const { attributes = 0, count } = gate;
  const kind = gateKind(gate, 'GDT', longMode);
  if ((attributes & PRESENT) === 0) return kind;
  const copies = count === 0 ? [] : [`copies ${counted(count, 'word')}`];
  return [kind, `DPL ${(attributes >> 5) & 3}`, ...copies].join(' · ');
}
