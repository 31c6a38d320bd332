/** HVM save record PIC (3): one of the two 8259A. Source: public/arch-x86/hvm/save.h (struct hvm_hw_vpic). */
import { asRuns, setBits } from '../../lib/bit-set';
import { type BitRange, type Bits, type Names, struct, u8 } from '../kit/layout';

const lines = (what: string): Bits =>
  Object.fromEntries(Array.from({ length: 8 }, (_, line) => [`IR${line}`, { at: line, doc: `Line ${line} ${what}.` }]));

const lineSet = (value: number | bigint): string => {
  const set = setBits(value);
  return set.length === 0 ? 'no line' : `IR ${asRuns(set)}`;
};

const mask = (doc: string, what: string) => u8({ display: 'hex', doc, bits: lines(what), note: lineSet });

/** Bits 0 and 1 are one less than the word expected; bit 2 is ICW1.IC4, bit 3 ICW1.SNGL. */
const INIT_STATES: Names = Object.fromEntries(
  Array.from({ length: 16 }, (_, state) => [
    state,
    state === 0
      ? 'none in progress'
      : [
          `ICW${(state & 3) + 1} next`,
          (state & 4) === 0 ? 'no ICW4' : 'ICW4',
          (state & 8) === 0 ? 'ICW3' : 'no ICW3',
        ].join(', '),
  ]),
);

/** Part of init_priority: how far the initialisation sequence has come. */
export const INIT_STATE = {
  at: 0,
  width: 4,
  names: INIT_STATES,
  doc: 'Which word of the initialisation sequence is expected next; 0 when none is in progress.',
} as const satisfies BitRange;

/** Flag in modes: which of the two this is. */
export const IS_MASTER = {
  at: 6,
  doc: 'This is the master, to which the slave is wired; fixed by the instance.',
} as const satisfies BitRange;

export const HVM_PIC = struct(
  'hvm_hw_vpic',
  {
    irr: mask('Lines whose request waits to be taken.', 'has a request'),
    imr: mask('Lines that are masked.', 'is masked'),
    isr: mask('Lines in service: taken and not yet ended.', 'is in service'),
    irq_base: u8({
      display: 'hex',
      doc: 'Vector of line IR0; the others follow.',
      note: (value) => `IR0–IR7 are vectors 0x${Number(value).toString(16)}–0x${(Number(value) + 7).toString(16)}`,
    }),
    init_priority: u8({
      display: 'hex',
      doc: 'Progress of the initialisation sequence, and the line that has the highest priority.',
      bits: {
        init_state: INIT_STATE,
        priority_add: { at: 4, width: 4, doc: 'Line with the highest priority.' },
      },
      note: (value) =>
        `${(Number(value) & 0xf) === 0 ? 'initialised' : 'initialisation in progress'}, IR${Number(value) >> 4} first`,
    }),
    modes: u8({
      display: 'hex',
      doc: 'How reads and ends of interrupts work.',
      bits: {
        readsel_isr: { at: 0, doc: 'Reads at A=0 give the ISR, not the IRR.' },
        poll: { at: 1, doc: 'The next read polls.' },
        auto_eoi: { at: 2, doc: 'An interrupt ends as soon as it is taken.' },
        rotate_on_auto_eoi: { at: 3, doc: 'Priorities rotate at each automatic end.' },
        special_fully_nested_mode: { at: 4, doc: 'Inputs of the slave do not count as in service.' },
        special_mask_mode: { at: 5, doc: 'Masked lines do not hold back lower ones.' },
        is_master: IS_MASTER,
        reserved: { at: 7, reserved: true, doc: 'Not used.' },
      },
    }),
    elcr: u8({
      display: 'hex',
      doc: 'Lines that are level-triggered; the others are edge-triggered.',
      bits: lines('is level-triggered'),
      note: lineSet,
    }),
    int_output: u8({ names: { 0: 'low', 1: 'high' }, doc: 'Output to the CPU, or of the slave to the master.' }),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_vpic)' },
);
