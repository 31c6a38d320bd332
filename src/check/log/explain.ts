/** A log of a restore explained: each line with what it is about, and the values that it names looked up in the image. */
import { given } from '../../lib/given';
import type { ScanResult } from '../../scan/scan';
import type { CheckFinding } from '../kit/finding';
import { ruleOf } from '../rules/register';
import { type LogMatch, matchLog } from './match';
import { LogImage, type ReadBytes } from './values/image';
import { lookUp, type Value } from './values/values';

/** Different messages whose values are looked up; a log repeats itself. */
const LOOKUPS_LIMIT = 1000;

/** Explains a log line by line, and looks up in the image what lines name. Rejects where a read fails. */
export async function explainLog(
  log: string,
  findings: readonly CheckFinding[],
  scan: ScanResult,
  read: ReadBytes,
): Promise<LogMatch[]> {
  const matches = matchLog(log, findings, scan);
  const image = new LogImage(scan, read);
  const known = new Map<string, Value | undefined>();
  const out: LogMatch[] = [];
  for (const match of matches) {
    const { text, rule, finding } = match;
    if (rule !== undefined && !known.has(text) && known.size < LOOKUPS_LIMIT)
      known.set(text, await lookUp(text, image));
    const value = known.get(text);
    out.push(value && finding === undefined ? withValue(match, value) : match);
  }
  return out;
}

/** Puts what was looked up into a match; of rules that share a line the one that goes by the value stays, or none. */
function withValue(match: LogMatch, { key, ...value }: Value): LogMatch {
  const { rule, ambiguous, ...rest } = match;
  const named = key === undefined ? undefined : ruleOf(key);
  return { ...rest, ...value, ...given({ rule: named ?? (ambiguous === true ? undefined : rule) }) };
}

/** Returns what a log shows that the verdict does not know of: what was refused though the check has no such finding. */
export function headlineOf(matches: readonly LogMatch[]): string | undefined {
  const refusal = matches.find(({ refused, finding }) => refused !== undefined && finding === undefined);
  if (refusal?.refused === undefined) return undefined;
  const who = refusal.rule?.layer === 'qemu' ? 'QEMU' : 'Xen';
  return `the log shows that ${who} refused ${refusal.refused}; whether it must depends on the target`;
}
