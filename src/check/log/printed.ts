/** Which finding prints a line: looked up, as a log has many lines and a check many findings. */
import { upperBound } from '../../lib/bisect';
import type { CheckFinding } from '../kit/finding';

interface Text {
  readonly text: string;
  /** Place of the finding among all. */
  readonly order: number;
}

const special = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&');

/** Returns the source of a pattern for a line of a debug build, which has numbers that only a host knows: machine frames, counts. */
const debugPattern = (line: string): string =>
  `^${special(line).replaceAll(/\bd?N\b/gu, (name) => (name === 'N' ? '[\\da-f]+' : name))}$`;

/** What the findings of a check print. */
export class PrintedLines {
  readonly #findings: readonly CheckFinding[];
  readonly #keys: ReadonlySet<string>;
  readonly #exact = new Map<string, number>();
  readonly #debug: readonly { readonly pattern: RegExp; readonly order: number }[];
  /** All lines, sorted. */
  readonly #sorted: readonly Text[];

  constructor(findings: readonly CheckFinding[]) {
    this.#findings = findings;
    this.#keys = new Set(findings.map(({ key }) => key));
    const debug = new Map<string, number>();
    for (const [order, { log, debugLog = [] }] of findings.entries()) {
      for (const { text } of log) if (!this.#exact.has(text)) this.#exact.set(text, order);
      for (const { text } of debugLog) if (!debug.has(text)) debug.set(text, order);
    }
    this.#debug = Array.from(debug, ([text, order]) => ({ pattern: new RegExp(debugPattern(text), 'u'), order }));
    this.#sorted = Array.from(this.#exact, ([text, order]) => ({ text, order })).toSorted((a, b) =>
      a.text < b.text ? -1 : 1,
    );
  }

  /** Returns the first finding that prints this very line. */
  whole(line: string): CheckFinding | undefined {
    const order = this.#exact.get(line) ?? this.#debug.find(({ pattern }) => pattern.test(line))?.order;
    return order === undefined ? undefined : this.#findings[order];
  }

  /** Returns the first finding that prints a longer line with this beginning. */
  longer(start: string): CheckFinding | undefined {
    let first = Number.POSITIVE_INFINITY;
    const isAfter = (at: number): number => ((this.#sorted[at]?.text ?? '') < start ? 0 : 1);
    const from = upperBound(this.#sorted.length, isAfter, 0);
    for (let at = from; this.#sorted[at]?.text.startsWith(start) === true; at++) {
      const { text, order } = this.#sorted[at] ?? { text: '', order: first };
      if (text.length > start.length) first = Math.min(first, order);
    }
    return this.#findings[first];
  }

  /** Tells whether there is a finding of a rule, by its key. */
  hasRule(key: string): boolean {
    return this.#keys.has(key);
  }
}
