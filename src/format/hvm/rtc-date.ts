/** The date that CMOS registers hold, in any of their number formats. Source: xen/arch/x86/hvm/rtc.c; MC146818 manual. */
import type { Before } from '../kit/layout';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

const two = (value: number): string => String(value).padStart(2, '0');

/** How the registers read: by bits of register B. */
function reader(cmos: Before): { number: (name: string) => number; hour: (name: string) => number } {
  const mode = Number(cmos['REG_B'] ?? 0);
  const raw = (name: string): number => Number(cmos[name] ?? Number.NaN);
  const plain = (value: number): number => {
    if ((mode & 4) !== 0) return value;
    const [tens, ones] = [value >> 4, value & 0xf];
    return tens > 9 || ones > 9 ? Number.NaN : tens * 10 + ones;
  };
  return {
    number: (name) => plain(raw(name)),
    hour: (name) => {
      if ((mode & 2) !== 0) return plain(raw(name));
      const hour = plain(raw(name) & 0x7f);
      if (!(hour >= 1 && hour <= 12)) return Number.NaN;
      return (hour % 12) + (raw(name) >= 0x80 ? 12 : 0);
    },
  };
}

const within = (value: number, first: number, last: number): boolean => value >= first && value <= last;

/** Writes the date of the clock: `Monday 2026-11-23 01:56:17`; undefined where the registers hold no date. */
export function dateOf(cmos: Before): string | undefined {
  const { number, hour } = reader(cmos);
  const [year, month, day] = [number('year'), number('month'), number('day_of_month')];
  const [hours, minutes, seconds] = [hour('hours'), number('minutes'), number('seconds')];
  const isDate = within(year, 0, 99) && within(month, 1, 12) && within(day, 1, 31);
  if (!isDate || !within(hours, 0, 23) || !within(minutes, 0, 59) || !within(seconds, 0, 59)) return undefined;
  const weekday = WEEKDAYS[number('day_of_week')];
  const date = `${2000 + year}-${two(month)}-${two(day)} ${two(hours)}:${two(minutes)}:${two(seconds)}`;
  return weekday === undefined ? date : `${weekday} ${date}`;
}

/** Writes the time of the alarm: `06:30:**`, with stars for what matches anything; undefined where the alarm is off or is no time. */
export function alarmOf(cmos: Before): string | undefined {
  if ((Number(cmos['REG_B'] ?? 0) & 0x20) === 0) return undefined;
  const { number, hour } = reader(cmos);
  const parts = (
    [
      ['hours_alarm', hour, 23],
      ['minutes_alarm', number, 59],
      ['seconds_alarm', number, 59],
    ] as const
  ).map(([name, read, last]) => {
    if (Number(cmos[name]) >= 0xc0) return '**';
    const value = read(name);
    return within(value, 0, last) ? two(value) : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join(':');
}
