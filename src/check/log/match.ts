/** A log of a restore, line by line: which finding, which record or which rule explains each. */
import { given } from '../../lib/given';
import { formatPattern } from '../../lib/printf';
import { grouped } from '../../lib/text';
import type { ScanResult } from '../../scan/scan';
import type { CheckFinding } from '../kit/finding';
import { keyOf, type RuleText } from '../kit/rule';
import { ruleOf, RULES } from '../rules/register';
import { bareMessage, isContinued, withoutIds } from './bare';
import { NamedEntries } from './entries';
import { FirstRows } from './first-rows';
import { aboutHealthy } from './healthy';
import { PrintedLines } from './printed';

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

const ERRNO = / \(\d+ = [^()]*\)$/u;

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

const ofFinding = (finding: CheckFinding): Partial<LogMatch> => ({
  finding,
  offset: finding.offset,
  length: finding.length,
  ...given({ record: finding.record ?? undefined }),
});

/** Lines looked at: those of a log that comes to 6 MiB. */
const LINE_LIMIT = 65_536;
/** Characters of a line that are looked at: no message of Xen's has so many. */
const LENGTH_LIMIT = 8192;

/** Returns the last lines of a log that are not empty, and how many line ends stand before them. */
function lastLines(log: string): { readonly lines: readonly string[]; readonly before: number } {
  const lines: string[] = [];
  let end = log.length;
  while (end > 0 && lines.length < LINE_LIMIT) {
    const start = log.lastIndexOf('\n', end - 1) + 1;
    const line = log.slice(start, log[end - 1] === '\r' ? end - 1 : end);
    if (line.trim() !== '') lines.push(line);
    end = start - 1;
  }
  let before = 0;
  for (let at = log.indexOf('\n'); at >= 0 && at <= end; at = log.indexOf('\n', at + 1)) before++;
  return { lines: lines.toReversed(), before };
}

/** What the lines of a log are held against. */
interface Known {
  readonly scan: ScanResult;
  readonly printed: PrintedLines;
  readonly entries: NamedEntries;
  readonly rows: FirstRows;
}

/**
 * Returns what explains each line of a log; empty lines are left out, lines that a terminal has broken put together. Of
 * a log with very many lines the last are looked at, and a line in front of them says so.
 */
export function matchLog(log: string, findings: readonly CheckFinding[], scan: ScanResult): LogMatch[] {
  const known = {
    scan,
    printed: new PrintedLines(findings),
    entries: new NamedEntries(scan),
    rows: new FirstRows(scan.records),
  };
  const { lines, before } = lastLines(log);
  const note = `${grouped(before)} lines before are not looked at`;
  const out: LogMatch[] = before > 0 ? [{ line: '…', text: '…', note }] : [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const match = matchLine(line, known);
    const next = lines[at + 1];
    // A terminal or a mail has broken the line: with the next one it says something.
    const joined =
      (match.finding === undefined || match.cutOff === true) && next !== undefined && isContinued(next)
        ? matchLine(`${line.trimEnd()} ${next.trimStart()}`, known)
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

/** The finding whose line this is the beginning of, cut off at the right as a log or a window cuts it; not a whole line with another value. */
function cutOff(plain: string, printed: PrintedLines): CheckFinding | undefined {
  const finding = plain.length >= PIECE ? printed.longer(plain) : undefined;
  return finding && !TEMPLATES.some(({ pattern }) => pattern.test(plain)) ? finding : undefined;
}

function matchLine(line: string, { scan, printed, entries, rows }: Known): LogMatch {
  const text = bareMessage(line.slice(0, LENGTH_LIMIT));
  const plain = withoutIds(text);
  const finding = printed.whole(plain);
  const piece = finding ? undefined : cutOff(plain, printed);
  if (piece) return { line, text, ...ofFinding(piece), cutOff: true, note: 'cut off' };
  const about = entries.about(text);
  if (finding) return { line, text, ...ofFinding(finding), ...given({ rule: ruleOf(finding.key), note: about?.note }) };
  if (about) return { line, text, ...about };
  const healthy = aboutHealthy(text, scan.records, rows);
  if (healthy) return { line, text, ...healthy };
  const stem = text.replace(ERRNO, '');
  const consequence = CONSEQUENCES.find(([pattern]) => pattern.test(stem));
  if (consequence) return { line, text, note: consequence[1] };
  const rules = TEMPLATES.flatMap(({ pattern, rule }) => (pattern.test(stem) ? [rule] : []));
  // Several rules can print such a line: one that this image breaks, if at another value, explains it best.
  const broken = rules.find((one) => printed.hasRule(keyOf(one)));
  if (broken) return { line, text, rule: broken, otherValue: true };
  return { line, text, ...given({ rule: rules[0] }) };
}
