/** Sets of numbers that come as bits, and as people read them. */

/** Returns the numbers of the set bits, lowest first, counted from `first`. */
export function setBits(value: number | bigint, first = 0): number[] {
  const found: number[] = [];
  for (let left = BigInt.asUintN(64, BigInt(value)), at = first; left > 0n; left >>= 1n, at++) {
    if ((left & 1n) === 1n) found.push(at);
  }
  return found;
}

/**
 * Yields the numbers of the set bits in words of `size` bytes one after the other: bit b of word w is number w × size × 8 + b.
 * Ascending.
 */
export function setBitsOf(raw: Uint8Array, size: 1 | 2 | 4 | 8, little: boolean): number[] {
  const found: number[] = [];
  for (let word = 0; word + size <= raw.length; word += size) {
    for (let byte = 0; byte < size; byte++) {
      const value = raw[word + (little ? byte : size - 1 - byte)] ?? 0;
      for (let bit = 0; bit < 8; bit++) if ((value >> bit) & 1) found.push((word + byte) * 8 + bit);
    }
  }
  return found;
}

/** Runs spelled out in a text; of more, the first ones. */
const RUNS = 24;

/** Writes ascending numbers as `1, 4–7`, `none`; of many runs the first ones and how many numbers there are in all. */
export function asRuns(numbers: readonly number[], show: (value: number) => string = String): string {
  const runs: string[] = [];
  for (let index = 0; index < numbers.length; index++) {
    if (runs.length === RUNS) return `${runs.join(', ')}, …: ${numbers.length} in all`;
    const first = numbers[index] ?? 0;
    let last = first;
    while (numbers[index + 1] === last + 1) {
      last++;
      index++;
    }
    runs.push(last === first ? show(first) : `${show(first)}${last === first + 1 ? ', ' : '–'}${show(last)}`);
  }
  return runs.length === 0 ? 'none' : runs.join(', ');
}
