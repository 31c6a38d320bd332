/** Half-open intervals of whole numbers, `start ≤ x < end`: the one notion of "from … to" in the project. */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Returns the part that both ranges share; undefined where they do not meet. */
export function intersect(a: Range, b: Range): Range | undefined {
  const start = Math.max(a.start, b.start);
  const end = Math.min(a.end, b.end);
  return start < end ? { start, end } : undefined;
}

/** Returns `value`, moved into `min … max` (both included). */
export function clamp(value: number, min: number, max: number): number {
  return value < min ? min : value > max ? max : value;
}
