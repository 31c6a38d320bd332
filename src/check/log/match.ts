/** A log of a restore, line by line: which finding, which record or which rule explains each. */
import { given } from '../../lib/given';
import { formatPattern } from '../../lib/printf';
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { HvmType, hvmTypeName } from '../../format/hvm/types';
import { keptRecords } from '../../scan/restored/records';
import type { ScanResult } from '../../scan/scan';
import type { CheckFinding } from '../kit/finding';
import { entryName } from '../kit/part-name';
import { keyOf, type RuleText } from '../kit/rule';
import { ruleOf, RULES } from '../rules/register';
import { bareMessage, isContinued, withoutIds } from './bare';
import { aboutHealthy } from './healthy';
import type { LogLine } from '../kit/log-line';

export interface LogMatch {
  readonly line: string;
  /** The message without its prefixes. */
  readonly text: string;
  /** A finding of this image that prints this very line. */
  readonly finding?: CheckFinding;
  /** A rule that prints such lines, whether it applies to this image or not. */
  readonly rule?: RuleText;
  /** The image breaks the rule, but at another value than the line has. */
  readonly otherValue?: true;
  /** Only the beginning of what the finding prints. */
  readonly cutOff?: true;
  /** Bytes of the image that the line is about, and their record. */
  readonly record?: number;
  readonly offset?: number;
  readonly length?: number;
  /** What the line says, in words. */
  readonly note?: string;
}

const ERRNO = / \(\d+ = [^)]*\)$/u;

interface Template {
  readonly pattern: RegExp;
  readonly rule: RuleText;
}

const TEMPLATES: readonly Template[] = RULES.flatMap((rule) =>
  (rule.log ?? []).map(({ text }) => ({ pattern: formatPattern(text), rule })),
);

/** Lines that follow from a failure that was told before. */
const CONSEQUENCES: readonly (readonly [pattern: RegExp, note: string])[] = [
  [/^Restore failed/u, 'libxc gives up: the line before tells why'],
  [/^restoring domain: /u, 'libxl hears of libxc’s failure'],
  [/^cannot \(re-\)build domain: /u, 'libxl gives up building the domain'],
  [/^Unable to restore HVM context/u, 'Xen has refused the HVM context: its own log (xl dmesg) tells why'],
  [/^Failed to pin batch of pagetables/u, 'Xen has refused a page table'],
  [/^Failed to set vcpu\d+'s /u, 'Xen has refused the state of a vCPU'],
  [/^internal error: libxenlight failed to restore domain/u, 'libvirt hears of libxl’s failure'],
  [/^Domain creation failed/u, 'xl gives up'],
  [/^(?:Unable to destroy guest|Destruction of domain failed|Non-existant domain)/u, 'cleaning up after the failure'],
  [/^Restore successful/u, 'libxc has restored the domain'],
];

/** `HVM7 restore: failed to load entry 20/0 rc -6`, `HVM7 restore: CPU 0`, `HVM restore d7: failed to load CPU_MSR:0 rc -6` */
const ENTRY_BY_NUMBER = /^HVM(?:\d+|N) restore: failed to load entry (\d+)\/(\d+)/u;
const ENTRY_BY_NAME =
  /^HVM(?: restore d?(?:\d+|N)|(?:\d+|N) restore|restore d(?:\d+|N)): (?:failed to (?:check|load) )?([A-Z_]+)[: ](\d+)(?: rc -?\d+)?$/u;

function contextEntry(text: string): { readonly typecode: number; readonly instance: number } | undefined {
  const numbered = ENTRY_BY_NUMBER.exec(text);
  if (numbered) return { typecode: Number(numbered[1]), instance: Number(numbered[2]) };
  const named = ENTRY_BY_NAME.exec(text);
  const code = Object.values(HvmType).find((type) => hvmTypeName(type) === named?.[1]);
  return code === undefined ? undefined : { typecode: code, instance: Number(named?.[2]) };
}

function aboutEntry(text: string, { image, records }: ScanResult): Partial<LogMatch> | undefined {
  const named = contextEntry(text);
  if (!named) return undefined;
  const { typecode, instance } = named;
  const note = entryName(typecode, instance);
  // Xen loads the one context that libxc has kept.
  const { hvmContext } = keptRecords({ image, records });
  const entry = image.context.find(
    (one) => one.record === hvmContext && one.typecode === typecode && one.instance === instance,
  );
  return entry
    ? { note, record: entry.record, offset: entry.offset, length: HVM_DESCRIPTOR_SIZE + entry.length }
    : { note: `${note}, which is not in this image` };
}

const ofFinding = (finding: CheckFinding): Partial<LogMatch> => ({
  finding,
  offset: finding.offset,
  length: finding.length,
  ...given({ record: finding.record ?? undefined }),
});

/** Returns what explains each line of a log; empty lines are left out, lines that a terminal has broken put together. */
export function matchLog(log: string, findings: readonly CheckFinding[], scan: ScanResult): LogMatch[] {
  const lines = log.split(/\r?\n/u).filter((line) => line.trim() !== '');
  const out: LogMatch[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const match = matchLine(line, findings, scan);
    const next = lines[at + 1];
    // A terminal or a mail has broken the line: with the next one it says something.
    const joined =
      (match.finding === undefined || match.cutOff === true) && next !== undefined && isContinued(next)
        ? matchLine(`${line.trimEnd()} ${next.trimStart()}`, findings, scan)
        : undefined;
    if (joined?.finding !== undefined && joined.cutOff !== true) {
      out.push(joined);
      at++;
    } else out.push(match);
  }
  return out;
}

/** Shortest piece of a line that is still told from others. */
const PIECE = 16;

/** The finding’s line, cut off at the right as a log or a window cuts it; not a whole line with another value. */
const isCutOff = (plain: string, log: readonly LogLine[]): boolean =>
  plain.length >= PIECE &&
  log.some(({ text }) => text.length > plain.length && text.startsWith(plain)) &&
  !TEMPLATES.some(({ pattern }) => pattern.test(plain));

const special = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&');

/** Lines of debug builds have numbers that only a host knows: machine frames, counts. */
const isDebugLine = (line: string, plain: string): boolean =>
  new RegExp(`^${special(line).replaceAll(/\bd?N\b/gu, (name) => (name === 'N' ? '[\\da-f]+' : name))}$`, 'u').test(
    plain,
  );

function matchLine(line: string, findings: readonly CheckFinding[], scan: ScanResult): LogMatch {
  const text = bareMessage(line);
  const plain = withoutIds(text);
  const finding =
    findings.find(({ log }) => log.some((one) => one.text === plain)) ??
    findings.find(({ debugLog = [] }) => debugLog.some((one) => isDebugLine(one.text, plain)));
  const piece = finding ? undefined : findings.find(({ log }) => isCutOff(plain, log));
  if (piece) return { line, text, ...ofFinding(piece), cutOff: true, note: 'cut off' };
  if (finding) {
    const about = aboutEntry(text, scan);
    const rule = ruleOf(finding.key);
    return { line, text, ...ofFinding(finding), ...given({ rule, note: about?.note }) };
  }
  const about = aboutEntry(text, scan);
  if (about) return { line, text, ...about };
  const healthy = aboutHealthy(text, scan);
  if (healthy) return { line, text, ...healthy };
  const stem = text.replace(ERRNO, '');
  const consequence = CONSEQUENCES.find(([pattern]) => pattern.test(stem));
  if (consequence) return { line, text, note: consequence[1] };
  const rules = TEMPLATES.flatMap(({ pattern, rule }) => (pattern.test(stem) ? [rule] : []));
  // Several rules can print such a line: one that this image breaks, if at another value, explains it best.
  const broken = rules.find((one) => findings.some(({ key }) => key === keyOf(one)));
  if (broken) return { line, text, rule: broken, otherValue: true };
  return { line, text, ...given({ rule: rules[0] }) };
}
