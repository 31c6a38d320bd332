/** HVM save record HPET (12). Source: public/arch-x86/hvm/save.h (struct hvm_hw_hpet), asm/hpet.h, IA-PC HPET 1.0a. */
import { asRuns, setBits } from '../../lib/bit-set';
import { duration } from '../../lib/duration';
import { grouped } from '../../lib/text';
import { bitsOf, isSet, withReserved } from '../kit/bits';
import { array, type Bits, struct, u64 } from '../kit/layout';
import { ignored } from './padding';

const SOURCE = 'public/arch-x86/hvm/save.h (struct hvm_hw_hpet), asm/hpet.h';
const TIMERS = 3;

/** Every HPET of Xen ticks at 1/16 of its nanosecond clock, whatever the timers' structures say. */
export const HPET_TICK_NS = 16n;
const ticks = (value: number | bigint): string => duration(BigInt(value) * HPET_TICK_NS);

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

const CAPABILITY = {
  REV: { at: 0, width: 8, doc: 'Revision.' },
  NUMBER: { at: 8, width: 5, doc: 'Number of the last timer: 2 for three timers.' },
  '64BIT': { at: 13, doc: 'The main counter has 64 bits.' },
  LEGSUP: { at: 15, doc: 'Can replace the timer and RTC interrupts.' },
  VENDOR: { at: 16, width: 16, display: 'hex', doc: 'PCI vendor id.' },
  PERIOD: { at: 32, width: 32, doc: 'Length of a tick, in femtoseconds.' },
} as const satisfies Bits;

export const HPET_CONFIG = {
  ENABLE: { at: 0, doc: 'The counter runs and timers interrupt.' },
  LEGACY: { at: 1, doc: 'Timer 0 replaces the PIT’s interrupt, timer 1 the RTC’s.' },
} as const satisfies Bits;

const STATUS: Bits = withReserved(
  64,
  Object.fromEntries(
    Array.from({ length: TIMERS }, (_, timer) => [
      `T${timer}`,
      { at: timer, doc: `Level interrupt of timer ${timer}.` },
    ]),
  ),
);

export const HPET_TIMER_CONFIG = {
  LEVEL: { at: 1, doc: 'Level-triggered; else edge.' },
  ENABLE: { at: 2, doc: 'The timer interrupts.' },
  PERIODIC: { at: 3, doc: 'Fires again and again.' },
  PERIODIC_CAP: { at: 4, doc: 'Can be periodic.' },
  '64BIT_CAP': { at: 5, doc: 'Has 64 bits.' },
  SETVAL: { at: 6, doc: 'The next write sets the value of a periodic timer.' },
  '32BIT': { at: 8, doc: 'Made to work with 32 bits.' },
  ROUTE: { at: 9, width: 5, doc: 'IOAPIC pin that it interrupts.' },
  FSB: { at: 14, doc: 'Interrupts by message.' },
  FSB_CAP: { at: 15, doc: 'Can interrupt by message.' },
  INT_ROUTE_CAP: { at: 32, width: 32, display: 'hex', doc: 'IOAPIC pins that it may interrupt, one bit each.' },
} as const satisfies Bits;

/** Returns the ticks by which the comparator of a 32-bit timer lies behind the main counter; below 0 where it is still to come. */
export const ticksBehind = (cmp: number | bigint, mc64: number | bigint): bigint =>
  BigInt.asIntN(33, BigInt.asUintN(32, BigInt(mc64)) - BigInt.asUintN(32, BigInt(cmp)));

function shortDue(cmp: number | bigint, mc64: number | bigint): string {
  const behind = ticksBehind(cmp, mc64);
  return behind > 0n ? `${ticks(behind)} ago` : `in ${ticks(-behind)}`;
}

function timerMeaning(value: number | bigint): string {
  const has = (flag: 'ENABLE' | 'PERIODIC' | 'LEVEL'): boolean => isSet(value, HPET_TIMER_CONFIG[flag]);
  return [
    has('ENABLE') ? 'on' : 'off',
    has('PERIODIC') ? 'periodic' : 'one-shot',
    has('LEVEL') ? 'level' : 'edge',
    `pin ${bitsOf(value, HPET_TIMER_CONFIG.ROUTE)}`,
    `allowed pins ${asRuns(setBits(bitsOf(value, HPET_TIMER_CONFIG.INT_ROUTE_CAP)))}`,
  ].join(' · ');
}

const TIMER = struct(
  'timer',
  {
    config: u64({
      display: 'register',
      bits: withReserved(64, HPET_TIMER_CONFIG),
      note: timerMeaning,
      doc: 'Configuration and abilities.',
    }),
    cmp: u64({
      display: 'register',
      doc: 'Comparator, all 64 bits: value of the main counter at which the timer fires. A timer of 32 bits goes by the low halves of both.',
      refine: ({ config = 0, mc64 = 0 }) => ({
        note: (value) =>
          isSet(config, HPET_TIMER_CONFIG['32BIT'])
            ? shortDue(value, mc64)
            : BigInt(value) === ALL_ONES
              ? 'never'
              : `at ${ticks(value)}`,
      }),
    }),
    fsb: u64({ display: 'register', doc: 'Message and address for interrupts by message; Xen has none of them.' }),
    res4: ignored(8, 'Reserved; zeros.'),
  },
  { doc: 'One timer: its configuration and when it fires.', source: SOURCE },
);

/** Time on the main counter, by the tick that the capability register tells. */
function counterTime(value: number | bigint, capability: number | bigint | undefined): string | undefined {
  const femtoseconds = BigInt(bitsOf(capability ?? 0, CAPABILITY.PERIOD));
  return femtoseconds === 0n ? undefined : duration((BigInt(value) * femtoseconds) / 1_000_000n);
}

export const HVM_HPET = struct(
  'hvm_hw_hpet',
  {
    capability: u64({
      display: 'register',
      bits: withReserved(64, CAPABILITY),
      doc: 'Abilities and length of a tick.',
      note: (value) =>
        `${bitsOf(value, CAPABILITY.NUMBER) + 1} timers · a tick takes ${grouped(bitsOf(value, CAPABILITY.PERIOD))} fs`,
    }),
    res0: ignored(8, 'Reserved; zeros.'),
    config: u64({ display: 'hex', bits: withReserved(64, HPET_CONFIG), doc: 'What is switched on.' }),
    res1: ignored(8, 'Reserved; zeros.'),
    isr: u64({ display: 'hex', bits: STATUS, doc: 'Level interrupts that are raised.' }),
    res2: ignored(200, 'Reserved; zeros.'),
    mc64: u64({
      display: 'register',
      doc: 'Main counter, in ticks.',
      refine: ({ capability }) => ({ note: (value) => counterTime(value, capability) }),
    }),
    res3: ignored(8, 'Reserved; zeros.'),
    timers: array(TIMER, TIMERS, { doc: 'The three timers. A tick of Xen’s HPET takes 16 ns.' }),
    res5: ignored(672, 'Reserved: room for 21 more timers; zeros.'),
    period: array(u64({ note: ticks, doc: 'Ticks from one interrupt to the next of a periodic timer.' }), TIMERS, {
      doc: 'Period of each timer, in ticks: the value last written to its comparator.',
    }),
  },
  { source: SOURCE },
);
