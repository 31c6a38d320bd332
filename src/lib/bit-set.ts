/** Sets of numbers that come as bits, and as people read them. */

/** Numbers of the set bits, lowest first, counted from `first`. */
export function setBits(value: number | bigint, first = 0): number[] {
  const found: number[] = [];
  for (let left = BigInt.asUintN(64, BigInt(value)), at = first; left > 0n; left >>= 1n, at++) {
    if ((left & 1n) === 1n) found.push(at);
  }
  return found;
}

/** Ascending numbers as `1, 4–7`; `none` where there are none. */
export function asRuns(numbers: readonly number[], show: (value: number) => string = String): string {
  const runs: string[] = [];
  for (let index = 0; index < numbers.length; index++) {
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
