/** What fields of hvm_hw_cpu mean. Source: public/arch-x86/hvm/save.h; xen/arch/x86/hvm/hvm.c (UNFOLD_ARBYTES). */
import { hex0x } from '../../lib/text';
import { bitsOf, isSet } from '../kit/bits';
import type { Bits, IntOptions, Names } from '../kit/layout';
import { segmentMeaning } from '../x86/segment';

const EVENT_TYPES: Names = {
  0: 'external interrupt',
  2: 'NMI',
  3: 'hardware exception',
  4: 'software interrupt',
  5: 'privileged software exception',
  6: 'software exception',
};

function eventMeaning(value: number | bigint): string {
  if (!isSet(value, EVENT.valid)) return 'none';
  const type = bitsOf(value, EVENT.type);
  const withCode = isSet(value, EVENT.error_code_valid) ? ', with error code' : '';
  return `${EVENT_TYPES[type] ?? `type ${type}`} ${hex0x(bitsOf(value, EVENT.vector), 2)}${withCode}`;
}

/** Bits of flags. */
export const CPU_FLAGS = {
  FPU_INITIALISED: { at: 0, doc: 'fpu_regs hold the state of the FPU.' },
  reserved: {
    at: 1,
    width: 31,
    reserved: true,
    display: 'hex',
    mustBe: 0,
    doc: 'Reserved; Xen refuses anything but zero.',
  },
} satisfies Bits;

/** Bits of an event as VMX and SVM are told of it. */
export const EVENT = {
  vector: { at: 0, width: 8, display: 'hex', doc: 'Its vector.' },
  type: { at: 8, width: 3, names: EVENT_TYPES, doc: 'What kind of event.' },
  error_code_valid: { at: 11, doc: 'It pushes an error code.' },
  reserved: { at: 12, width: 19, reserved: true, display: 'hex', doc: 'Reserved.' },
  valid: { at: 31, doc: 'There is an event.' },
} satisfies Bits;

export const PENDING_EVENT: IntOptions = {
  display: 'hex',
  doc: 'Event to inject when the vCPU next runs.',
  bits: EVENT,
  note: eventMeaning,
};

/**
 * Writes what the attributes of a segment mean. Old Xen on Intel saved them as the VMCS has them, with bits 8–11 moved
 * up by four; Xen moves them back.
 */
export function attributesMeaning(attributes: number): string {
  const isUnfolded = (attributes & 0xf000) !== 0 && (attributes & 0xf00) === 0;
  if (!isUnfolded) return segmentMeaning(attributes);
  return `${segmentMeaning((attributes & 0xff) | ((attributes >> 4) & 0xf00))} · as in the VMCS`;
}
