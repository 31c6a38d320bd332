/** What fields of hvm_hw_cpu mean. Source: public/arch-x86/hvm/save.h; xen/arch/x86/hvm/hvm.c (UNFOLD_ARBYTES). */
import { hex0x } from '../../lib/text';
import type { IntOptions, Names } from '../kit/layout';
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
  const event = Number(value);
  if (event < 0x8000_0000) return 'none';
  const type = (event >> 8) & 7;
  const withCode = (event & 0x800) === 0 ? '' : ', with error code';
  return `${EVENT_TYPES[type] ?? `type ${type}`} ${hex0x(event & 0xff, 2)}${withCode}`;
}

export const PENDING_EVENT: IntOptions = {
  display: 'hex',
  doc: 'Event to inject when the VCPU next runs.',
  bits: {
    vector: { at: 0, width: 8, display: 'hex', doc: 'Its vector.' },
    type: { at: 8, width: 3, names: EVENT_TYPES, doc: 'What kind of event.' },
    error_code_valid: { at: 11, doc: 'It pushes an error code.' },
    reserved: { at: 12, width: 19, reserved: true, display: 'hex', doc: 'Reserved.' },
    valid: { at: 31, doc: 'There is an event.' },
  },
  note: eventMeaning,
};

/** Old Xen on Intel saved attributes as the VMCS has them, with bits 8–11 moved up by four; Xen moves them back. */
export function attributesMeaning(attributes: number): string {
  const isUnfolded = (attributes & 0xf000) !== 0 && (attributes & 0xf00) === 0;
  if (!isUnfolded) return segmentMeaning(attributes);
  return `${segmentMeaning((attributes & 0xff) | ((attributes >> 4) & 0xf00))} · as in the VMCS`;
}
