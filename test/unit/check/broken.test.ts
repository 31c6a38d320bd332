/**
 * Broken images, each of which a real Xen 4.17 was given: the verdict and the log lines must be those of that Xen. Where
 * they are not, the reason stands here.
 */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import type { CheckResult } from '../../../src/check/result';
import { parseTarget } from '../../../src/check/target/policy-text';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { AGREEMENT } from '../../reference/agreement';
import { type BrokenVariant, brokenVariants, firstLines, openVariant, readTruth } from '../../fixtures/broken';

/** First lines that only the host decides. */
const OTHER_LINE: Readonly<Record<string, string>> = {
  'micro64-xl-optlen-huge': 'dom0 had no 2 GiB for the optional data; with more memory xl finds the file too short',
  'micro64-pvinfo-32-on-64':
    'that Xen was built without 32-bit PV and stops there; one with it stops at the next record',
};

/**
 * Accepted, and the guest was still there after the moment that it was watched: but it does not run rightly, as something
 * of it is lost. What it was is in the base image; in the variant nothing tells that it does not matter.
 */
const LOST: Readonly<Record<string, string>> = {
  'micro64-basic1-missing': 'a VCPU is missing: VCPU 1, of which there is other state, never runs',
  'micro64-ext1-missing': 'SYSCALL and SYSENTER entries of VCPU 1 are lost: its 32-bit processes die',
  'micro64-ext-vcpu1-for-0': 'the same of VCPU 0',
  'micro64-ext-len-short': 'state cut off: machine-check banks read as zeros',
  'micro64-ext-len8': 'SYSCALL and SYSENTER entries of VCPU 0 are lost',
  'micro64-xsave0-missing': 'XCR0 and the upper halves of the vector registers of VCPU 0 are lost: AVX faults',
  'micro64-xsave-vcpu1-for-0': 'the same',
  'micro64-xsave-len8': 'the same',
  'micro64-pte-l1-to-hole': 'a page that the guest has mapped is empty',
  'micro64-pte-l2-to-hole': 'a page table is lost: an empty page is put in its place',
  'micropvh-hvmctx-cpu-missing': 'a VCPU is missing: VCPU 0 never runs',
  'micropvh-hvmctx-lapic-missing': 'the local APIC of VCPU 0 stays disabled: no interrupt reaches it',
  'hvmbios-hvmctx-lapic-missing': 'the same',
  'micropvh-params-missing': 'the rings of xenstore and console are put into page 0',
  'hvmbios-params-missing': 'the same, and no device model serves the guest’s pages for it',
  'hvmbios-emu-trunc-file': 'state cut off: most of the device model’s reads as zeros',
};

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
  const log = report.first?.log ?? [];
  if (OTHER_LINE[name] === undefined && tool !== undefined && !log.includes(tool))
    return `${name}: no line “${tool}” in ${JSON.stringify(log)}`;
  if (xen !== undefined && !log.includes(xen)) return `${name}: no line “${xen}” in ${JSON.stringify(log)}`;
  return undefined;
}

test('what a real Xen 4.17 said to broken images', { timeout: 300_000 }, async () => {
  const target = parseTarget(readTruth('host-epyc/xen-cpuid-p.txt') ?? '');
  expect(target !== undefined).toBe(brokenVariants.length > 0);
  const table = new Map<string, { all: number; agree: number; fails: number; suspect: number; ok: number }>();
  const wrong: string[] = [];
  for (const variant of brokenVariants) {
    const source = memorySource(openVariant(variant), '/tmp/b.img');
    const report = await check(await new Scan(source).run(), source, { xen: 417, target });
    const row = table.get(variant.base) ?? { all: 0, agree: 0, fails: 0, suspect: 0, ok: 0 };
    table.set(variant.base, row);
    row.all++;
    row[report.verdict]++;
    const problem = disagreement({ variant, report });
    if (problem === undefined) row.agree++;
    else wrong.push(problem);
  }
  console.table(Object.fromEntries(table));
  expect(wrong).toEqual([]);
  // docs/checks.md shows these numbers.
  expect(Array.from(table, ([base, row]) => ({ base, ...row }))).toEqual(brokenVariants.length === 0 ? [] : AGREEMENT);
});
