/** What interrupt controllers have in common. Source: Intel SDM vol. 3A ch. 12 (APIC); asm/apicdef.h. */
import { asRuns, setBits } from '../../lib/bit-set';
import { hex0x } from '../../lib/text';
import type { Bits, BitRange, Names } from '../kit/layout';

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

export const VECTOR: BitRange = { at: 0, width: 8, display: 'hex', doc: 'Vector that the vCPU takes.' };
export const DELIVERY_MODE: BitRange = {
  at: 8,
  width: 3,
  names: DELIVERY_MODES,
  doc: 'What kind of event is delivered.',
};

/** The lower half of an IOAPIC pin and of a local vector table entry agree from bit 12 to 16. */
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
export function interruptMeaning(low: number): string {
  const mode = (low >>> 8) & 7;
  return [
    ...(hasVector(mode) ? [`vector ${hex0x(low & 0xff, 2)}`] : []),
    DELIVERY_MODES[mode] ?? '',
    (low & 0x8000) === 0 ? 'edge' : 'level',
    ...((low & 0x2000) === 0 ? [] : ['active low']),
    ...((low & 0x4000) === 0 ? [] : ['awaits EOI']),
    ...((low & 0x1000) === 0 ? [] : ['pending']),
    ...((low & 0x1_0000) === 0 ? [] : ['masked']),
  ].join(' · ');
}

/** Writes the vectors of a bitmap, or of one word of it that starts at vector `first`: `0x30, 0x41–0x43`. */
export const vectorSet = (bits: number | bigint, first = 0): string =>
  asRuns(setBits(bits, first), (vector) => hex0x(vector, 2));
