/** Bits of the local APIC's registers. Source: Intel SDM vol. 3A ch. 12; asm/apicdef.h. */
import { duration } from '../../lib/duration';
import { hex0x } from '../../lib/text';
import { bitsOf, isSet, withReserved } from '../kit/bits';
import type { Before, Bits, IntOptions } from '../kit/layout';
import { APIC_BUS_CYCLE_NS } from './apic';
import { DELIVERY_MODE, DELIVERY_MODES, interruptMeaning, PIN_BITS, VECTOR } from './interrupt';

/** Bits of the priority registers. */
export const PRIORITY = {
  sub_class: { at: 0, width: 4, display: 'hex', doc: 'Priority within the class.' },
  class: { at: 4, width: 4, display: 'hex', doc: 'Class: upper digit of the vectors that have this priority.' },
} as const satisfies Bits;

/** Bits of the version register. */
export const VERSION: Bits = withReserved(32, {
  version: { at: 0, width: 8, display: 'hex', doc: 'Version of the APIC.' },
  max_lvt: { at: 16, width: 8, doc: 'Entries of the local vector table, less one.' },
  directed_EOI: { at: 24, doc: 'EOI broadcasts can be suppressed.' },
});

/** Bits of the spurious interrupt vector register. */
export const SPURIOUS = {
  vector: { at: 0, width: 8, display: 'hex', doc: 'Vector of spurious interrupts.' },
  APIC_ENABLED: { at: 8, doc: 'The APIC is enabled by software.' },
  FOCUS_DISABLED: { at: 9, doc: 'Focus processor checking is off.' },
  DIRECTED_EOI: { at: 12, doc: 'EOIs are not broadcast to IOAPICs.' },
} as const satisfies Bits;

const LVT: Bits = withReserved(32, { vector: VECTOR, delivery_mode: DELIVERY_MODE, ...PIN_BITS });

/** Returns how an entry of the local vector table for a pin, an error or a counter reads. */
export const lvt = (doc: string): IntOptions => ({
  display: 'hex',
  doc,
  bits: LVT,
  note: interruptMeaning,
});

const TIMER_MODES: Readonly<Record<number, string>> = {
  0: 'one-shot',
  1: 'periodic',
  2: 'TSC-deadline',
  3: 'reserved',
};

const TIMER_BITS = {
  vector: VECTOR,
  delivery_status: PIN_BITS.delivery_status,
  mask: PIN_BITS.mask,
  mode: { at: 17, width: 2, names: TIMER_MODES, doc: 'How the timer counts.' },
} as const satisfies Bits;

/** How the timer's entry of the local vector table reads. */
export const TIMER: IntOptions = {
  display: 'hex',
  doc: 'Local vector table: the timer.',
  bits: withReserved(32, TIMER_BITS),
  note: (value) =>
    [
      `vector ${hex0x(bitsOf(value, TIMER_BITS.vector), 2)}`,
      TIMER_MODES[bitsOf(value, TIMER_BITS.mode)] ?? '',
      ...(isSet(value, TIMER_BITS.mask) ? ['masked'] : []),
    ].join(' · '),
};

const SHORTHANDS: Readonly<Record<number, string>> = { 0: 'by destination', 1: 'self', 2: 'all', 3: 'all but self' };

const ICR_BITS = {
  vector: VECTOR,
  delivery_mode: DELIVERY_MODE,
  dest_mode: { at: 11, names: { 0: 'physical', 1: 'logical' }, doc: 'How the destination is matched.' },
  busy: { at: 12, doc: 'The interrupt is being sent.' },
  assert: { at: 14, doc: 'Level of an INIT: assert.' },
  trig_mode: { at: 15, names: { 0: 'edge', 1: 'level' }, doc: 'Trigger mode of an INIT.' },
  remote_read: {
    at: 16,
    width: 2,
    names: { 0: 'invalid', 1: 'in progress', 2: 'valid' },
    doc: 'Status of a remote read.',
  },
  shorthand: { at: 18, width: 2, names: SHORTHANDS, doc: 'Who receives the interrupt.' },
} as const satisfies Bits;

/** Modes whose vector counts: fixed, lowest priority and start-up. */
const WITH_VECTOR: readonly number[] = [0, 1, 6];

/** Writes what was sent: `vector 0x41 · fixed · all but self`. */
function icrMeaning(value: number | bigint): string {
  const mode = bitsOf(value, ICR_BITS.delivery_mode);
  return [
    ...(WITH_VECTOR.includes(mode) ? [`vector ${hex0x(bitsOf(value, ICR_BITS.vector), 2)}`] : []),
    DELIVERY_MODES[mode] ?? '',
    SHORTHANDS[bitsOf(value, ICR_BITS.shorthand)] ?? '',
  ].join(' · ');
}

/** How the interrupt command register reads. */
export const ICR: IntOptions = {
  display: 'hex',
  doc: 'Interrupt command (ICR), low half: the interrupt last sent.',
  bits: withReserved(32, ICR_BITS),
  note: icrMeaning,
};

const DIVIDE = {
  low: { at: 0, width: 2, doc: 'Lower two bits of the divisor code.' },
  high: { at: 3, doc: 'Upper bit of the divisor code.' },
} as const satisfies Bits;

/** The divisor, and with the initial count before it how long the timer runs. */
function divideMeaning(value: number | bigint, before: Before): string {
  const code = bitsOf(value, DIVIDE.low) + (bitsOf(value, DIVIDE.high) << 2);
  const divisor = 1n << BigInt((code + 1) & 7);
  const tick = divisor * APIC_BUS_CYCLE_NS;
  const count = BigInt(before['TMICT'] ?? 0);
  const time = count === 0n ? '' : ` · initial count is ${duration(count * tick)}`;
  return `divide by ${divisor} · a tick takes ${duration(tick)}${time}`;
}

/** How the divide configuration register reads. */
export const TDCR: IntOptions = {
  display: 'hex',
  doc: 'Divide configuration of the timer (TDCR); the bus runs at 100 MHz.',
  bits: withReserved(32, DIVIDE),
  refine: (before) => ({ note: (value) => divideMeaning(value, before) }),
};
