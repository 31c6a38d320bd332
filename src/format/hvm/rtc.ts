/** HVM save record RTC (11): clock and CMOS registers. Source: public/arch-x86/hvm/save.h, asm/mc146818rtc.h. */
import { duration } from '../../lib/duration';
import { type Before, type Bits, i64, type Names, struct, u8 } from '../kit/layout';
import { alarmOf, dateOf } from './rtc-date';
import { ignored } from './padding';

const PERIODS: Names = {
  0: 'none',
  1: '3.90625 ms',
  2: '7.8125 ms',
  ...Object.fromEntries(
    Array.from({ length: 13 }, (_, index) => [
      index + 3,
      duration(((1n << BigInt(index + 2)) * 1_000_000_000n) / 32_768n),
    ]),
  ),
};

const REG_A: Bits = {
  RATE_SELECT: { at: 0, width: 4, names: PERIODS, doc: 'Period of the periodic interrupt, on the 32 kHz clock.' },
  DIV_CTL: {
    at: 4,
    width: 3,
    names: { 0: '4 MHz', 1: '1 MHz', 2: '32 kHz', 6: 'reset', 7: 'reset' },
    doc: 'Clock that the divider runs on.',
  },
  UIP: { at: 7, doc: 'An update is in progress.' },
};

const REG_B: Bits = {
  DST_EN: { at: 0, doc: 'Switch to summer time by itself.' },
  '24H': { at: 1, doc: 'Hours run from 0 to 23; else from 1 to 12, with bit 7 for p.m.' },
  DM_BINARY: { at: 2, doc: 'Values are binary; else BCD.' },
  SQWE: { at: 3, doc: 'Square wave output on.' },
  UIE: { at: 4, doc: 'Interrupt after each update.' },
  AIE: { at: 5, doc: 'Interrupt at the alarm.' },
  PIE: { at: 6, doc: 'Periodic interrupt.' },
  SET: { at: 7, doc: 'Updates stopped while the time is set.' },
};

const REG_C: Bits = {
  reserved: { at: 0, width: 4, reserved: true, display: 'hex', doc: 'Reserved.' },
  UF: { at: 4, doc: 'An update has ended.' },
  AF: { at: 5, doc: 'The alarm has gone off.' },
  PF: { at: 6, doc: 'A period has ended.' },
  IRQF: { at: 7, doc: 'The interrupt is raised.' },
};

const REG_D: Bits = {
  reserved: { at: 0, width: 7, reserved: true, display: 'hex', doc: 'Reserved.' },
  VRT: { at: 7, doc: 'Memory and time are valid.' },
};

const part = (doc: string) => u8({ display: 'hex', doc: `${doc} BCD unless register B says binary.` });

const alarm = (doc: string) =>
  u8({
    display: 'hex',
    doc: `${doc} BCD unless register B says binary; 0xc0 and above match any.`,
    note: (value) => (Number(value) >= 0xc0 ? 'any' : undefined),
  });

const CMOS = struct(
  'cmos_data',
  {
    seconds: part('Seconds.'),
    seconds_alarm: alarm('Seconds of the alarm.'),
    minutes: part('Minutes.'),
    minutes_alarm: alarm('Minutes of the alarm.'),
    hours: part('Hours, with bit 7 for p.m. in 12-hour mode.'),
    hours_alarm: alarm('Hours of the alarm.'),
    day_of_week: part('Day of the week; Xen counts from 0, Sunday.'),
    day_of_month: part('Day of the month, from 1.'),
    month: part('Month, from 1.'),
    year: part('Year of the century; Xen takes it for 20xx.'),
    REG_A: u8({ display: 'hex', bits: REG_A, doc: 'Register A: clock and period.' }),
    REG_B: u8({ display: 'hex', bits: REG_B, doc: 'Register B: interrupts and number formats.' }),
    REG_C: u8({ display: 'hex', bits: REG_C, doc: 'Register C: which interrupts have happened.' }),
    REG_D: u8({ display: 'hex', bits: REG_D, doc: 'Register D: whether the battery held.' }),
  },
  {
    doc: 'CMOS registers 0–13. On restore Xen sets the date anew, from the host’s clock and the offset.',
    summary: (cmos: Before) => {
      const date = dateOf(cmos);
      const wake = alarmOf(cmos);
      return date === undefined ? undefined : wake === undefined ? date : `${date} · alarm at ${wake}`;
    },
  },
);

const CMOS_NAMES: Names = Object.fromEntries(Object.keys(CMOS.fields).map((name, index) => [index, name]));

export const HVM_RTC = struct(
  'hvm_hw_rtc',
  {
    cmos_data: CMOS,
    cmos_index: u8({ display: 'hex', names: CMOS_NAMES, doc: 'Register selected by the last write to port 0x70.' }),
    pad0: ignored(1),
    rtc_offset: i64({
      doc: 'Seconds by which the guest’s clock is ahead of the host’s. Since Xen 4.14.',
      since: 414,
      note: (value) => duration(BigInt(value) * 1_000_000_000n),
    }),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_rtc), asm/mc146818rtc.h' },
);
