/** The differences between two sets of answers, grouped by kind. */
import { differences } from './differences';
import { keyOf, type Outcome } from './outcome';

interface Group {
  count: number;
  readonly examples: string[];
}

const EXAMPLES = 3;

export class Report {
  readonly #groups = new Map<string, Group>();
  readonly #factsOnly: boolean;
  compared = 0;
  differing = 0;

  constructor(factsOnly: boolean) {
    this.#factsOnly = factsOnly;
  }

  /** Holds the answers of a group against those of before; only what was asked both times can differ. */
  compare(before: ReadonlyMap<string, Outcome>, after: readonly Outcome[], isWhole: boolean): void {
    const asked = new Set(after.map((outcome) => keyOf(outcome)));
    for (const outcome of after) {
      const old = before.get(keyOf(outcome));
      this.compared++;
      const found = old ? differences(old, outcome, this.#factsOnly) : [{ kind: 'asked only now', shown: '' }];
      if (found.length > 0) this.differing++;
      for (const { kind, shown } of found) this.#add(outcome, kind, shown);
    }
    if (!isWhole) return;
    for (const [key, outcome] of before) if (!asked.has(key)) this.#add(outcome, 'no longer asked', '');
  }

  #add({ subject, args }: Outcome, kind: string, shown: string): void {
    const command = `${args[0] ?? ''}${args.includes('--json') ? ' --json' : ''}`;
    const key = `${command}: ${kind}`;
    const group = this.#groups.get(key) ?? { count: 0, examples: [] };
    this.#groups.set(key, group);
    group.count++;
    if (group.examples.length < EXAMPLES)
      group.examples.push(`  ${args.join(' ')}  (${subject})\n${shown.replaceAll(/^/gmu, '    ')}`);
  }

  print(): void {
    const groups = [...this.#groups].toSorted(([, a], [, b]) => b.count - a.count);
    for (const [kind, { count, examples }] of groups)
      console.log(`\n${count} ×  ${kind.split('\n')[0]}\n${examples.join('\n')}`);
    const kinds = groups.length === 0 ? '' : `, of ${groups.length} kinds`;
    console.log(`\n${this.compared} answers compared, ${this.differing} differ${kinds}.`);
  }
}
