/**
 * Broken images that no real Xen was given. What a restore comes to was read off Xen 4.17.7's source, and written down,
 * before the check was asked; where they differed, the source decided. Each case names the place.
 */
import { expect, test } from 'vitest';
import { check } from '../../../src/check/check';
import { textsOf } from '../../../src/check/kit/log-line';
import { parseTarget } from '../../../src/check/target/policy-text';
import { Scan } from '../../../src/scan/scan';
import { memorySource } from '../../../src/source/memory';
import { breakImage } from '../../fixtures/broken';
import { hostTruth, samples } from '../../fixtures/samples';
import { rowsOf } from '../../fixtures/scanning';
import type { UnseenCase } from './unseen/case';
import { HVM_UNSEEN } from './unseen/hvm';
import { LIBXC_UNSEEN } from './unseen/libxc';
import { PV_UNSEEN } from './unseen/pv';
import { TOOLS_UNSEEN } from './unseen/tools';

const CASES: readonly UnseenCase[] = [...TOOLS_UNSEEN, ...LIBXC_UNSEEN, ...PV_UNSEEN, ...HVM_UNSEEN];

/** Cases that only the policy of the host decides: without the real images beside the checkout it is not there. */
const ON_HOST: ReadonlySet<string> = new Set([
  'micro64.xlsave: extended leaves beyond the host',
  'micro64.xlsave: machine check capabilities',
]);
const host = hostTruth('host-epyc/xen-cpuid-p.txt');

const holds = (log: readonly string[], line: string | RegExp): boolean =>
  log.some((one) => (typeof line === 'string' ? one === line : line.test(one)));

/** What differs from that which the source says; undefined where nothing does. */
async function disagreement(base: Uint8Array, it: UnseenCase): Promise<string | undefined> {
  const source = memorySource(breakImage(base, it.edits), '/tmp/b.img');
  const target = parseTarget(host ?? '');
  const scan = await new Scan(source).run();
  const { verdict, first, findings } = await check(scan, source, { xen: 417, reader: 'xl', target });
  const shown = JSON.stringify((first ?? findings.find(({ severity }) => severity === 'warning'))?.log ?? []);
  if (verdict !== it.verdict) {
    const ids = findings.filter(({ severity }) => severity !== 'note').map(({ id }) => id);
    return `${it.name}: ${verdict}, not ${it.verdict}; ${ids.slice(0, 3).join(', ')} ${shown}`;
  }
  const log = textsOf(first?.log ?? []);
  for (const line of [it.tool, it.xen])
    if (line !== undefined && !holds(log, line)) return `${it.name}: no line “${String(line)}” in ${shown}`;
  if (it.record === undefined) return undefined;
  const named = rowsOf(scan).filter(({ name }) => name === it.record);
  const expected = named[it.nth ?? 0]?.index;
  return first?.record === expected
    ? undefined
    : `${it.name}: record ${String(first?.record)}, not ${it.record} ${String(expected)} (${first?.id ?? ''})`;
}

test('what Xen’s source says of broken images', async () => {
  const wrong: string[] = [];
  const tried = new Map<string, number>();
  for (const { file, open } of samples) {
    const cases = CASES.filter(({ base, name }) => base === file && (host !== undefined || !ON_HOST.has(name)));
    if (cases.length === 0) continue;
    const base = open();
    for (const it of cases) {
      const problem = await disagreement(base, it);
      if (problem !== undefined) wrong.push(problem);
    }
    tried.set(file, cases.length);
  }
  console.table(Object.fromEntries(tried));
  expect(wrong).toEqual([]);
  expect(CASES.filter(({ name }) => ON_HOST.has(name))).toHaveLength(ON_HOST.size);
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});
