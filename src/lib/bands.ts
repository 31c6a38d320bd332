/** Cutting a long row of numbers into a few bands that can be told apart by eye. */
import { upperBound } from './bisect';

/** Returns the first numbers of at most `most` bands, ascending, picked from those of any number of parts. */
export function bandsOf(starts: readonly number[], most: number): number[] {
  const count = Math.min(most, starts.length);
  return Array.from({ length: count }, (_, band) => starts[Math.floor((band * starts.length) / count)] ?? 0);
}

/** Returns the index of the band that a number is in; −1 before the first. */
export const bandAt = (bands: readonly number[], value: number): number =>
  upperBound(bands.length, (band) => bands[band] ?? 0, value) - 1;
