/** Which bytes and fields the findings point at. */
import type { Range } from '../../lib/range';
import { upperBound } from '../../lib/bisect';
import type { ShownFinding } from '../../state/findings';

export type Mark = 'fatal' | 'warning';

interface Marked extends Range {
  readonly mark: Mark;
}

/** Longest stretch marked, bytes: a finding about a whole body marks nothing in it. */
const LONGEST = 64 * 1024;

/** Findings within a stretch of the file, as marks in the order of their places. Notes mark nothing. */
export class Marks {
  readonly #all: readonly Marked[];

  constructor(findings: readonly ShownFinding[], within: Range) {
    this.#all = findings
      .flatMap(({ severity, offset, length }): Marked[] =>
        severity === 'note' ||
        length === 0 ||
        length > LONGEST ||
        offset >= within.end ||
        offset + length <= within.start
          ? []
          : [{ start: offset, end: offset + length, mark: severity }],
      )
      .toSorted((a, b) => a.start - b.start);
  }

  /** The mark of a byte; of several the gravest. */
  at(offset: number): Mark | undefined {
    let found: Mark | undefined;
    const last = upperBound(this.#all.length, (index) => this.#all[index]?.start ?? 0, offset);
    for (let index = last - 1; index >= 0; index--) {
      const marked = this.#all[index];
      if (!marked || marked.start + LONGEST <= offset) break;
      if (marked.end <= offset) continue;
      if (marked.mark === 'fatal') return 'fatal';
      found = 'warning';
    }
    return found;
  }

  /** The mark of a field: of what lies within it, or of what it lies within. */
  over({ start, end }: Range): Mark | undefined {
    let found: Mark | undefined;
    for (const marked of this.#all) {
      if (marked.start >= end) break;
      if (marked.end <= start) continue;
      if (marked.mark === 'fatal') return 'fatal';
      found = 'warning';
    }
    return found;
  }
}
