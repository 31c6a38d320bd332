/** Every rule has a stream that it objects to and one, close to it, that it takes. */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import type { CheckResult } from '../../../src/check/result';
import { textsOf } from '../../../src/check/kit/log-line';
import { keyOf } from '../../../src/check/kit/rule';
import { ruleOf, RULES } from '../../../src/check/rules/register';
import { parseTarget } from '../../../src/check/target/policy-text';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { assemble, type Parts } from '../../fixtures/built/restorable';
import { BLANKED_CASES } from './cases/blanked';
import { change, type RuleCase } from './cases/case';
import { CONFIG_CASES } from './cases/config';
import { FIELD_CASES } from './cases/field';
import { HVM_CASES } from './cases/hvm';
import { LIBXC_CASES, POLICY_CASES } from './cases/libxc';
import { LIBVIRT_CASES } from './cases/libvirt';
import { READER_CASES } from './cases/readers';
import { PV_CASES } from './cases/pv';
import { PV_TABLE_CASES } from './cases/pv-tables';
import { SPEC_CASES } from './cases/spec';
import { XL_CASES } from './cases/xl';

const CASES: readonly RuleCase[] = [
  ...XL_CASES,
  ...CONFIG_CASES,
  ...LIBVIRT_CASES,
  ...LIBXC_CASES,
  ...POLICY_CASES,
  ...PV_CASES,
  ...PV_TABLE_CASES,
  ...HVM_CASES,
  ...SPEC_CASES,
  ...BLANKED_CASES,
  ...READER_CASES,
  ...FIELD_CASES,
];

function cutTo(bytes: Uint8Array, cut: number | undefined): Uint8Array {
  if (cut === undefined) return bytes;
  return bytes.subarray(0, cut < 0 ? bytes.length + cut : cut);
}

async function judge(bytes: Uint8Array, { xen = 417, reader, target }: RuleCase): Promise<CheckResult> {
  const source = memorySource(bytes, 'image');
  const policies = target === undefined ? undefined : parseTarget(target);
  return check(await new Scan(source).run(), source, { xen, reader, target: policies });
}

function startOf(parts: Parts, name: string): number {
  let sum = 0;
  for (const [one, bytes] of Object.entries(parts)) {
    if (one === name) return sum;
    sum += bytes.length;
  }
  throw new Error(`no part ${name}`);
}

const covered = new Set<string>();

for (const one of CASES) {
  const { key, base, bad, near, log, at, cut, nearCut } = one;
  test(`${key}${one.xen === undefined ? '' : ` on ${one.xen}`}: ${log?.[0] ?? 'seen, and not where it is not'}`, async () => {
    const parts = change(base(), bad);
    const bytes = cutTo(assemble(parts), cut);
    const report = await judge(bytes, one);
    const findings = report.findings.filter((finding) => finding.key === key);
    const finding =
      log === undefined
        ? findings[0]
        : findings.find((found) => JSON.stringify(textsOf(found.log)) === JSON.stringify(log));
    expect(finding, JSON.stringify(report.findings.map((found) => [found.key, textsOf(found.log)]))).toBeDefined();
    if (!finding) return;
    covered.add(finding.key);
    expect(finding.counts).toBe(one.unsettled !== true);
    if (one.debugLog) expect(textsOf(finding.debugLog ?? [])).toEqual(one.debugLog);
    if (at) expect(finding.offset).toBe(startOf(parts, at[0]) + at[1]);
    expect(finding.offset + finding.length).toBeLessThanOrEqual(bytes.length);
    if (finding.severity === 'fatal') expect(report.first?.key).toBe(key);
    const close = await judge(cutTo(assemble(change(base(), near)), nearCut), one);
    const wrong = close.findings.filter((found) => found.key === key && (found.counts || !finding.counts));
    expect(wrong.map((found) => [found.offset, found.message, ...textsOf(found.log)])).toEqual([]);
  });
}

test('no rule without a stream', () => {
  expect(RULES.map(keyOf).filter((key) => !covered.has(key))).toEqual([]);
});

test('each rule has a key of its own, and all that share an id have a variant', () => {
  const keys = RULES.map(keyOf);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  const ids = RULES.map(({ id }) => id);
  const shared = RULES.filter(({ id }) => ids.indexOf(id) !== ids.lastIndexOf(id));
  expect(shared.filter(({ variant }) => variant === undefined).map(keyOf)).toEqual([]);
  expect(keys.filter((key) => !/^[A-Z]{2}-\d\d(?:\.[a-z\d]+(?:-[a-z\d]+)*)?$/u.test(key))).toEqual([]);
  for (const rule of RULES) expect(ruleOf(keyOf(rule))).toBe(rule);
});
