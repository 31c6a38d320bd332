/** What interrupt controllers have in common. Source: Intel SDM vol. 3A ch. 12 (APIC); asm/apicdef.h. */
import { asRuns, setBits } from '../../lib/bit-set';
import { hex0x } from '../../lib/text';
import { bitsOf, isSet } from '../kit/bits';
import type { Bits, BitRange, Names } from '../kit/layout';

/** Names of the delivery modes. */
export const DELIVERY_MODES: Names = {
  0: 'fixed',
  1: 'lowest priority',
  2: 'SMI',
  3: 'remote read',
  4: 'NMI',
  5: 'INIT',
  6: 'start-up',
  7: 'ExtINT',
};

/** The vector of a pin or of a local vector table entry. */
export const VECTOR = {
  at: 0,
  width: 8,
  display: 'hex',
  doc: 'Vector that the vCPU takes.',
} as const satisfies BitRange;
/** The delivery mode of a pin, of a local vector table entry or of an interrupt command. */
export const DELIVERY_MODE = {
  at: 8,
  width: 3,
  names: DELIVERY_MODES,
  doc: 'What kind of event is delivered.',
} as const satisfies BitRange;

/** Bits 12 to 16, in which the lower half of an IOAPIC pin and a local vector table entry agree. */
export const PIN_BITS = {
  delivery_status: { at: 12, doc: 'Accepted, not yet delivered to the CPU.' },
  polarity: { at: 13, names: { 0: 'active high', 1: 'active low' }, doc: 'Level of the pin that means asserted.' },
  remote_irr: { at: 14, doc: 'Level interrupt delivered and not yet ended by an EOI.' },
  trig_mode: { at: 15, names: { 0: 'edge', 1: 'level' }, doc: 'What triggers: an edge or a level.' },
  mask: { at: 16, doc: 'Interrupts of this source are held back.' },
} as const satisfies Bits;

/** Modes that carry a vector of their own. */
const hasVector = (mode: number): boolean => mode === 0 || mode === 1;

/** Writes what the low 17 bits of a pin or a local vector table entry mean: `vector 0x30 · fixed · level · masked`. */
export function interruptMeaning(low: number | bigint): string {
  const mode = bitsOf(low, DELIVERY_MODE);
  const has = (flag: keyof typeof PIN_BITS): boolean => isSet(low, PIN_BITS[flag]);
  return [
    ...(hasVector(mode) ? [`vector ${hex0x(bitsOf(low, VECTOR), 2)}`] : []),
    DELIVERY_MODES[mode] ?? '',
    has('trig_mode') ? 'level' : 'edge',
    ...(has('polarity') ? ['active low'] : []),
    ...(has('remote_irr') ? ['awaits EOI'] : []),
    ...(has('delivery_status') ? ['pending'] : []),
    ...(has('mask') ? ['masked'] : []),
  ].join(' · ');
}

/** Writes the vectors of a bitmap, or of one word of it that starts at vector `first`: `0x30, 0x41–0x43`. */
export const vectorSet = (bits: number | bigint, first = 0): string =>
  asRuns(setBits(bits, first), (vector) => hex0x(vector, 2));
