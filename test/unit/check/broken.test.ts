/**
 * Broken images, each of which a real Xen 4.17 was given: the verdict and the log lines must be those of that Xen. Where
 * they are not, the reason stands here.
 */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import type { CheckResult } from '../../../src/check/result';
import { textsOf } from '../../../src/check/kit/log-line';
import { parseTarget } from '../../../src/check/target/policy-text';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { AGREEMENT, LOST, OTHER_LINE } from '../../reference/agreement';
import { type BrokenVariant, brokenVariants, firstLines, openVariant, readTruth } from '../../fixtures/broken';

/** What the real restore came to: it failed, or the guest crashed or never ran, or all went well. */
function outcome({ exit, state_after_unpause: state = '' }: BrokenVariant): CheckResult['verdict'] {
  if (exit !== 0) return 'fails';
  return /^-b|^r/u.test(state) ? 'ok' : 'suspect';
}

interface Judged {
  readonly variant: BrokenVariant;
  readonly report: CheckResult;
}

/** What is wrong with a report; undefined where it agrees with the real restore. */
function disagreement({ variant, report }: Judged): string | undefined {
  const { variant: name } = variant;
  const expected = LOST[name] === undefined ? outcome(variant) : 'suspect';
  if (report.verdict !== expected) return `${name}: ${report.verdict}, not ${expected}`;
  if (report.verdict !== 'fails') return undefined;
  const { tool, xen } = firstLines(variant);
  const log = textsOf(report.first?.log ?? []);
  if (OTHER_LINE[name] === undefined && tool !== undefined && !log.includes(tool))
    return `${name}: no line “${tool}” in ${JSON.stringify(log)}`;
  if (xen !== undefined && !log.includes(xen)) return `${name}: no line “${xen}” in ${JSON.stringify(log)}`;
  return undefined;
}

test('what a real Xen 4.17 said to broken images', async () => {
  const target = parseTarget(readTruth('host-epyc/xen-cpuid-p.txt') ?? '');
  expect(target !== undefined).toBe(brokenVariants.length > 0);
  const table = new Map<
    string,
    { all: number; agree: number; fails: number; suspect: number; ok: number; unknown: number }
  >();
  const wrong: string[] = [];
  for (const variant of brokenVariants) {
    const source = memorySource(openVariant(variant), '/tmp/b.img');
    const report = await check(await new Scan(source).run(), source, { xen: 417, reader: 'xl', target });
    const row = table.get(variant.base) ?? { all: 0, agree: 0, fails: 0, suspect: 0, ok: 0, unknown: 0 };
    table.set(variant.base, row);
    row.all++;
    if (report.verdict !== 'unknown') row[report.verdict]++;
    const problem = disagreement({ variant, report });
    if (problem === undefined) row.agree++;
    else wrong.push(problem);
  }
  console.table(Object.fromEntries(table));
  expect(wrong).toEqual([]);
  // docs/checks.md shows these numbers.
  expect(Array.from(table, ([base, row]) => ({ base, ...row }))).toEqual(brokenVariants.length === 0 ? [] : AGREEMENT);
});
