/** Tables of messages, to be found from a line by how it starts. */
import { formatPattern } from '../../lib/printf';
import type { RuleText } from '../kit/rule';
import { RULES } from '../rules/register';
import { beginningsOf, startKey, type Starts } from './starts';

/** A table of patterns by how their messages start. */
export class ByStart<T extends { readonly pattern: RegExp }> {
  readonly #by = new Map<number, T[]>();
  /** Those that start with a value, or with too little to tell: they can be of any message. */
  readonly #any: readonly T[];

  constructor(rows: readonly T[]) {
    const any: T[] = [];
    for (const row of rows)
      for (const beginning of beginningsOf(row.pattern)) {
        const start = startKey(beginning);
        const known = start < 0 ? any : this.#by.get(start);
        if (known) known.push(row);
        else this.#by.set(start, [row]);
      }
    this.#any = any;
  }

  /** Lets starts know how the messages of the table start. */
  tell(starts: Starts): void {
    for (const start of this.#by.keys()) starts.add(start);
  }

  /** Returns the rows that a message may be of, in the order of the table. */
  of(message: string): readonly T[] {
    const found = this.#by.get(startKey(message));
    return found === undefined ? this.#any : this.#any.length === 0 ? found : [...found, ...this.#any];
  }
}

/** A line that a rule prints. */
interface Template {
  readonly pattern: RegExp;
  readonly rule: RuleText;
}

/** The lines of all rules. */
export const TEMPLATES = new ByStart<Template>(
  RULES.flatMap((rule) => (rule.log ?? []).map(({ text }) => ({ pattern: formatPattern(text), rule }))),
);
