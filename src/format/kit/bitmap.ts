/** Bitmaps as sets of numbers. */
import { readSmall } from './bytes';

/** Ranges spelled out in a text; of more, the first ones. */
const RANGES = 24;

/**
 * The numbers of the set bits, in words of `size` bytes: bit b of word w is number w × size × 8 + b. Ascending.
 */
export function setBits(raw: Uint8Array, size: 1 | 2 | 4 | 8, little: boolean): number[] {
  const found: number[] = [];
  for (let word = 0; word + size <= raw.length; word += size) {
    for (let byte = 0; byte < size; byte++) {
      const value = readSmall(raw, word + (little ? byte : size - 1 - byte), 1, little);
      for (let bit = 0; bit < 8; bit++) if ((value >> bit) & 1) found.push((word + byte) * 8 + bit);
    }
  }
  return found;
}

/** `1, 4–7`, `none`; of many ranges the first ones and how many numbers there are in all. */
export function setText(numbers: readonly number[]): string {
  const ranges: string[] = [];
  let first = 0;
  for (let index = 0; index < numbers.length; index++) {
    const here = numbers[index] ?? 0;
    if (index === 0 || here !== (numbers[index - 1] ?? 0) + 1) first = here;
    if (numbers[index + 1] === here + 1) continue;
    if (ranges.length === RANGES) return `${ranges.join(', ')}, …: ${numbers.length} in all`;
    ranges.push(first === here ? String(here) : `${first}–${here}`);
  }
  return ranges.length === 0 ? 'none' : ranges.join(', ');
}
