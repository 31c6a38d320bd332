/** Ticks of the time stamp counter as time. */
import { duration } from '../../lib/duration';

/** Returns a frequency in kHz as text: `2.596 GHz`, `800.000 MHz`. */
export const frequencyText = (khz: number): string =>
  khz >= 1_000_000 ? `${(khz / 1_000_000).toFixed(3)} GHz` : `${(khz / 1000).toFixed(3)} MHz`;

/** Returns the nanoseconds that a counter of this frequency takes for `ticks`. */
const ticksAsNs = (ticks: bigint, khz: number): bigint => (ticks * 1_000_000n) / BigInt(khz);

/** Returns what a counter has counted, as time: `20.47 s at 2.596 GHz`; undefined where the frequency is not known. */
export function tscText(ticks: bigint, khz: number): string | undefined {
  return khz > 0 ? `${duration(ticksAsNs(ticks, khz))} at ${frequencyText(khz)}` : undefined;
}

/** Returns when a deadline comes, seen from the counter as it was saved: `in 1.2 ms`, `was due 3 µs before`, `not armed`. */
export function deadlineText(deadline: bigint, tsc: bigint, khz: number): string | undefined {
  if (deadline === 0n) return 'not armed';
  if (khz <= 0) return undefined;
  const ns = ticksAsNs(deadline - tsc, khz);
  return ns >= 0n ? `in ${duration(ns)}` : `was due ${duration(-ns)} before`;
}
