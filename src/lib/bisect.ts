/** Binary search over anything that can be read by position, so that columns need not be copied into arrays. */

/** Returns how many of the first `length` ascending values are ≤ `value`. */
export function upperBound(length: number, at: (index: number) => number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
