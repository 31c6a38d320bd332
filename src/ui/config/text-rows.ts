/** Text as rows of a screen: lines, broken where they are wider than the view; and where something occurs in it. */
import { upperBound } from '../../lib/bisect';

/** Occurrences found at most. */
const HIT_LIMIT = 10_000;

export interface TextRows {
  readonly text: string;
  /** Position of each row's first character. */
  readonly starts: readonly number[];
  /** Line number of each row that starts one, from 1; 0 for a row that goes on with a line. */
  readonly lines: readonly number[];
}

/** Breaks a text into rows: each line starts one, and goes on in the next after `columns` characters. */
export function textRows(text: string, columns: number): TextRows {
  const starts: number[] = [];
  const lines: number[] = [];
  let line = 0;
  for (let at = 0; at <= text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    starts.push(at);
    lines.push(++line);
    for (let from = at + columns; from < end; from += columns) {
      starts.push(from);
      lines.push(0);
    }
    at = end + 1;
  }
  return { text, starts, lines };
}

/** Returns the start and end of a row's characters, without the newline. */
export function rowSpan({ text, starts }: TextRows, row: number): readonly [number, number] {
  const start = starts[row] ?? text.length;
  const next = starts[row + 1] ?? text.length + 1;
  return [start, text[next - 1] === '\n' || next > text.length ? next - 1 : next];
}

/** Returns the row that the character at `position` is in. */
export const rowOf = ({ starts }: TextRows, position: number): number =>
  upperBound(starts.length, (index) => starts[index] ?? 0, position) - 1;

/** Finds the positions of `wanted` in the text, whatever its case. */
export function occurrences(text: string, wanted: string): number[] {
  const hits: number[] = [];
  if (wanted === '') return hits;
  const lower = text.toLowerCase();
  // A few letters change their length with their case; positions would then be off.
  const where = lower.length === text.length ? lower : text;
  const part = lower.length === text.length ? wanted.toLowerCase() : wanted;
  for (let at = where.indexOf(part); at >= 0 && hits.length < HIT_LIMIT; at = where.indexOf(part, at + part.length)) {
    hits.push(at);
  }
  return hits;
}
