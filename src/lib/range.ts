/** The two notions of "from … to" in the project: by both ends, and by start and length. */

/** A half-open interval of whole numbers: `start ≤ x < end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bytes by where they start and how many there are. What `offset` counts from, the one who has it says. */
export interface Span {
  readonly offset: number;
  readonly length: number;
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
