/** HVM save record IOAPIC (4). Source: public/arch-x86/hvm/save.h (struct hvm_hw_vioapic, vioapic_redir_entry). */
import { asRuns } from '../../lib/bit-set';
import { hex0x } from '../../lib/text';
import { bitsOf, isSet } from '../kit/bits';
import { parse } from '../kit/parse';
import { array, type Bits, struct, toGpa, u32, u64 } from '../kit/layout';
import { DELIVERY_MODE, interruptMeaning, PIN_BITS, VECTOR } from './interrupt';

/** 16 ISA interrupts and 32 of PCI. */
const PINS = 48;

/** Bits of a redirection entry. */
const REDIRECTION = {
  vector: VECTOR,
  delivery_mode: DELIVERY_MODE,
  dest_mode: { at: 11, names: { 0: 'physical', 1: 'logical' }, doc: 'How the destination is matched.' },
  ...PIN_BITS,
  reserve: { at: 17, width: 7, display: 'hex', doc: 'Reserved.' },
  reserved: { at: 24, width: 32, reserved: true, display: 'hex', doc: 'Reserved.' },
  dest_id: { at: 56, width: 8, display: 'hex', doc: 'APIC id, or set of logical ids, that takes the interrupt.' },
} as const satisfies Bits;

function entryMeaning(value: number | bigint): string {
  const destination = bitsOf(value, REDIRECTION.dest_id);
  const isLogical = isSet(value, REDIRECTION.dest_mode);
  return `${interruptMeaning(value)} · ${isLogical ? `to logical ${hex0x(destination, 2)}` : `to APIC ${destination}`}`;
}

/** Lists the pins that are not masked: `unmasked: 0, 9, 20–23`. */
function unmasked(raw: Uint8Array, little: boolean): string {
  const entries = parse(array(u64(), 'rest'), raw, little);
  const pins = entries.flatMap((entry, pin) => (isSet(entry, PIN_BITS.mask) ? [] : [pin]));
  return `unmasked: ${asRuns(pins)}`;
}

const REDIRECTION_ENTRY = u64({
  display: 'register',
  doc: 'Where the interrupt of this pin goes, and how.',
  bits: REDIRECTION,
  note: entryMeaning,
});

const REGISTERS: Readonly<Record<number, string>> = { 0: 'id', 1: 'version', 2: 'arbitration id' };

function registerName(index: number): string | undefined {
  if (index < 0x10) return REGISTERS[index];
  const pin = (index - 0x10) >> 1;
  return pin < PINS ? `pin ${pin}, ${(index & 1) === 0 ? 'low' : 'high'} half` : undefined;
}

export const HVM_IOAPIC = struct(
  'hvm_hw_vioapic',
  {
    base_address: u64({ display: 'hex', leadsTo: toGpa, doc: 'Guest-physical address of its registers.' }),
    ioregsel: u32({
      display: 'hex',
      doc: 'Register that the data window shows.',
      note: (value) => registerName(Number(value)),
    }),
    id: u32({ display: 'hex', doc: 'APIC id of this IOAPIC.' }),
    redirtbl: array(REDIRECTION_ENTRY, PINS, { doc: 'One redirection entry per pin: pin n is GSI n.', note: unmasked }),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_vioapic)' },
);
