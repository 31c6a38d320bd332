/** Times as people read them. */
import { grouped, withoutTrailing } from './text';

const SECOND = 1_000_000_000n;
const UNITS = [
  [SECOND, 's'],
  [1_000_000n, 'ms'],
  [1000n, 'µs'],
] as const;

/** Writes a time that is given in nanoseconds: `840 ns`, `54.925 ms`, `28.04 s`, `2 h 5 min 3.2 s`, `40 d 0 h 12 min 0 s`. */
export function duration(ns: bigint): string {
  if (ns < 0n) return `−${duration(-ns)}`;
  if (ns >= 60n * SECOND) return long(ns);
  const [unit, name] = UNITS.find(([size]) => ns >= size) ?? [1n, 'ns'];
  return `${decimal(ns, unit, 3)} ${name}`;
}

function long(ns: bigint): string {
  // To tenths of a second, so that 59.96 s does not show as 60.
  const tenths = (ns + SECOND / 20n) / (SECOND / 10n);
  const minutes = tenths / 600n;
  const hours = minutes / 60n;
  const days = hours / 24n;
  const parts = [`${minutes % 60n} min`, `${decimal(tenths % 600n, 10n, 1)} s`];
  if (hours > 0n) parts.unshift(`${hours % 24n} h`);
  if (days > 0n) parts.unshift(`${grouped(days)} d`);
  return parts.join(' ');
}

function decimal(value: bigint, unit: bigint, digits: number): string {
  const fraction = ((value % unit) * 10n ** BigInt(digits)) / unit;
  const shown = withoutTrailing(fraction.toString().padStart(digits, '0'), '0');
  return shown === '' ? String(value / unit) : `${value / unit}.${shown}`;
}

/** Returns how long `ticks` of a clock of `hz` take, in nanoseconds. */
export const ticksToNs = (ticks: number | bigint, hz: bigint): bigint => (BigInt(ticks) * SECOND) / hz;
