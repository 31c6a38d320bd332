/** Every rule has a stream that it objects to and one, close to it, that it takes. */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import type { CheckResult } from '../../../src/check/result';
import type { CheckFinding } from '../../../src/check/finding';
import { RULES } from '../../../src/check/rules/texts';
import { parseTarget } from '../../../src/check/target/policy-text';
import { inRange } from '../../../src/check/xen-version';
import { formatPattern } from '../../../src/lib/printf';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { assemble, type Parts } from '../../fixtures/built/restorable';
import { BLANKED_CASES } from './cases/blanked';
import { change, type RuleCase } from './cases/case';
import { HVM_CASES } from './cases/hvm';
import { LIBXC_CASES, POLICY_CASES } from './cases/libxc';
import { LIBVIRT_CASES } from './cases/libvirt';
import { PV_CASES } from './cases/pv';
import { PV_TABLE_CASES } from './cases/pv-tables';
import { SPEC_CASES } from './cases/spec';
import { XL_CASES } from './cases/xl';

const CASES: readonly RuleCase[] = [
  ...XL_CASES,
  ...LIBVIRT_CASES,
  ...LIBXC_CASES,
  ...POLICY_CASES,
  ...PV_CASES,
  ...PV_TABLE_CASES,
  ...HVM_CASES,
  ...SPEC_CASES,
  ...BLANKED_CASES,
];

function cutTo(bytes: Uint8Array, cut: number | undefined): Uint8Array {
  if (cut === undefined) return bytes;
  return bytes.subarray(0, cut < 0 ? bytes.length + cut : cut);
}

async function judge(bytes: Uint8Array, { xen = 417, target }: RuleCase): Promise<CheckResult> {
  const source = memorySource(bytes, 'image');
  const policies = target === undefined ? undefined : parseTarget(target);
  return check(await new Scan(source).run(), source, { xen, target: policies });
}

function startOf(parts: Parts, name: string): number {
  let sum = 0;
  for (const [one, bytes] of Object.entries(parts)) {
    if (one === name) return sum;
    sum += bytes.length;
  }
  throw new Error(`no part ${name}`);
}

const covered = new Set<unknown>();

/** Marks the rule that made a finding: several share an id where versions of Xen or kinds of guests differ. */
function cover(finding: CheckFinding, xen: number): void {
  const same = RULES.filter((rule) => rule.id === finding.id && inRange(rule.versions ?? {}, xen));
  // Of what Xen refuses without a word, the lines of the layers above are there.
  const isSilent = same.length > 0 && same.every(({ debug, log }) => debug === true || log === undefined);
  const byLog = same.filter(({ log = [], debug }) =>
    log[0] === undefined || debug === true
      ? finding.log.length === 0 || isSilent
      : formatPattern(log[0]).test((finding.log[0] ?? '').replace(/ \(\d+ = [^)]*\)$/u, '')),
  );
  const byTitle = byLog.filter(({ title }) => finding.message.startsWith(title));
  for (const rule of same.length === 1 ? same : byTitle.length > 0 ? byTitle : byLog) covered.add(rule);
}

for (const one of CASES) {
  const { id, base, bad, near, log, at, cut, nearCut, xen = 417 } = one;
  test(`${id}${one.xen === undefined ? '' : ` on ${one.xen}`}: ${log?.[0] ?? 'seen, and not where it is not'}`, async () => {
    const parts = change(base(), bad);
    const bytes = cutTo(assemble(parts), cut);
    const report = await judge(bytes, one);
    const findings = report.findings.filter((finding) => finding.id === id);
    const finding =
      log === undefined ? findings[0] : findings.find((found) => JSON.stringify(found.log) === JSON.stringify(log));
    expect(finding, JSON.stringify(report.findings.map((found) => [found.id, found.log]))).toBeDefined();
    if (!finding) return;
    cover(finding, xen);
    if (one.debugLog) expect(finding.debugLog).toEqual(one.debugLog);
    if (at) expect(finding.offset).toBe(startOf(parts, at[0]) + at[1]);
    expect(finding.offset + finding.length).toBeLessThanOrEqual(bytes.length);
    if (finding.severity === 'fatal') expect(report.first?.id).toBe(id);
    const close = await judge(cutTo(assemble(change(base(), near)), nearCut), one);
    const wrong = close.findings.filter((found) => found.id === id && (log === undefined || found.log[0] === log[0]));
    expect(wrong.filter(({ counts }) => counts)).toEqual([]);
  });
}

test('no rule without a stream', () => {
  const missing = RULES.filter((rule) => !covered.has(rule));
  expect(missing.map(({ id, title }) => `${id} ${title}`)).toEqual([]);
});
