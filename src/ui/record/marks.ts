/** Which bytes and fields the findings point at. */
import type { FieldNode } from '../../format/kit/node';
import type { Range } from '../../lib/range';
import { upperBound } from '../../lib/bisect';
import type { ShownFinding } from '../../state/findings';
import type { FieldRow } from './field-rows';

export type Mark = 'fatal' | 'warning';

interface Marked extends Range {
  readonly mark: Mark;
}

/** Longest range marked, bytes: a finding about a whole body marks nothing in it. */
const LONGEST = 64 * 1024;

/** Findings within a range of the file, as marks in the order of their places. Notes mark nothing. */
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

  /** The mark of a field: of the findings that lie within it as a whole. */
  within({ start, end }: Range): Mark | undefined {
    let found: Mark | undefined;
    for (const marked of this.#all) {
      if (marked.start >= end) break;
      if (marked.start < start || marked.end > end) continue;
      if (marked.mark === 'fatal') return 'fatal';
      found = 'warning';
    }
    return found;
  }
}

const rangeOf = ({ offset, length }: FieldNode): Range => ({ start: offset, end: offset + length });
/** Returns the range that fields lie in. */
export const spanOf = (nodes: readonly FieldNode[]): Range => ({
  start: Math.min(...nodes.map(({ offset }) => offset)),
  end: Math.max(...nodes.map(({ offset, length }) => offset + length)),
});

/** Returns the mark of a row: of an open one only what is not told by a row under it. Bits leave it to their field. */
export function markOf(row: FieldRow, marks: Marks): Mark | undefined {
  if (row.kind !== 'field' || row.node.bits) return undefined;
  const { node, open } = row;
  const below = open === true && node.value === null ? (node.children ?? []) : [];
  return below.some((child) => marks.within(rangeOf(child))) ? undefined : marks.within(rangeOf(node));
}
