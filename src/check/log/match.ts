/** A log of a restore, line by line: which finding, which record or which rule explains each. */
import { given } from '../../lib/given';
import { grouped } from '../../lib/text';
import type { ScanResult } from '../../scan/scan';
import type { CheckFinding } from '../kit/finding';
import { keyOf, type RuleText } from '../kit/rule';
import { ruleOf } from '../rules/register';
import { isContinued, withoutIds } from './bare';
import { cleanLine, withLineEnds } from './clean';
import { NamedEntries } from './entries';
import { FirstRows } from './first-rows';
import { aboutHealthy, HEALTHY } from './healthy';
import { HOST_LINES, type Side } from './host-lines';
import { PrintedLines } from './printed';
import { endingsFrom, startKey, Starts } from './starts';
import { ByStart, TEMPLATES } from './templates';

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
  /** Several rules print such a line, and the image breaks none of them. */
  readonly ambiguous?: true;
  /** What of the image was refused, where it has the very value that the line names. */
  readonly refused?: string;
  /** Whose fault it tells of, where that is none of the image. */
  readonly side?: Side;
}

const ERRNO = / \((\d+) = [^()]*\)$/u;

interface Consequence {
  readonly pattern: RegExp;
  readonly note: string;
}

const after = (pattern: RegExp, note: string): Consequence => ({ pattern, note });
const NO_QEMU = 'QEMU did not start: its own log (qemu-dm-NAME.log) tells why';

/** Lines that follow from a failure that was told before. */
const CONSEQUENCES = new ByStart([
  after(/^Restore failed/u, 'libxc gives up: the line before tells why'),
  after(/^restoring domain: /u, 'libxl hears of libxc’s failure'),
  after(/^cannot \(re-\)build domain: /u, 'libxl gives up building the domain'),
  after(/^Unable to restore HVM context/u, 'Xen has refused the HVM context: its own log (xl dmesg) tells why'),
  after(/^Failed to pin batch of pagetables/u, 'Xen has refused a page table'),
  after(/^Failed to set vcpu\d+'s /u, 'Xen has refused the state of a vCPU'),
  after(/^internal error: libxenlight failed to restore domain/u, 'libvirt hears of libxl’s failure'),
  after(/^Domain creation failed/u, 'xl gives up'),
  after(/^Unable to destroy guest/u, 'cleaning up after the failure'),
  after(/^Destruction of domain failed/u, 'cleaning up after the failure'),
  after(/^Non-existant domain/u, 'cleaning up after the failure'),
  after(/^domain (?:\d+|N) device model: spawn failed/u, NO_QEMU),
  after(/^Post DM startup configs failed/u, NO_QEMU),
  after(/^device model did not start: /u, NO_QEMU),
  after(/^load of migration failed: /u, 'QEMU gives up loading: the line before tells why'),
  after(/^Restore successful/u, 'libxc has restored the domain'),
]);

const HOST = new ByStart(HOST_LINES);

const ofFinding = (finding: CheckFinding): Partial<LogMatch> => ({
  finding,
  offset: finding.offset,
  length: finding.length,
  ...given({ record: finding.record }),
});

/** Lines looked at. */
const LINE_LIMIT = 262_144;
/** Characters of a line that are looked at: no message of Xen's has so many. */
const LENGTH_LIMIT = 8192;

/** Returns the last lines of a log that are not empty, and how many line ends stand before them. */
function lastLines(log: string): { readonly lines: readonly string[]; readonly before: number } {
  const lines: string[] = [];
  let end = log.length;
  while (end > 0 && lines.length < LINE_LIMIT) {
    const start = log.lastIndexOf('\n', end - 1) + 1;
    const line = log.slice(start, end);
    if (line.trim() !== '') lines.push(line);
    end = start - 1;
  }
  let before = 0;
  for (let at = log.indexOf('\n'); at >= 0 && at <= end; at = log.indexOf('\n', at + 1)) before++;
  return { lines: lines.toReversed(), before };
}

/** Shortest piece of a line that is still told from others. */
const PIECE = 16;

/** Holds lines of a log against an image and what a check has found in it. */
class Matcher {
  readonly #scan: ScanResult;
  readonly #printed: PrintedLines;
  readonly #entries: NamedEntries;
  readonly #rows: FirstRows;
  readonly #starts = new Starts();

  constructor(findings: readonly CheckFinding[], scan: ScanResult) {
    this.#scan = scan;
    this.#printed = new PrintedLines(findings);
    this.#entries = new NamedEntries(scan);
    this.#rows = new FirstRows(scan.records);
    for (const table of [TEMPLATES, CONSEQUENCES, HOST, HEALTHY]) table.tell(this.#starts);
    // Lines that name a record first, and an entry of the HVM context.
    for (const start of ['X86_PV', 'HVM']) this.#starts.add(startKey(start));
    for (const { log, debugLog = [] } of findings)
      for (const { text } of [...log, ...debugLog]) this.#starts.add(startKey(text));
  }

  /** Returns what explains a line: best a finding that prints it, or one whose line it is a piece of. */
  line(line: string): LogMatch {
    const plain = cleanLine(line.slice(0, LENGTH_LIMIT));
    const starts = this.#starts.in(plain);
    const texts = starts.flatMap((start) => endingsFrom(plain, start));
    for (const text of texts) {
      const finding = this.#printed.whole(withoutIds(text));
      if (finding)
        return {
          line,
          text,
          ...ofFinding(finding),
          ...given({ rule: ruleOf(finding.key), note: this.#entries.about(text)?.note }),
        };
    }
    for (const text of texts) {
      const finding = this.#cutOff(text);
      if (finding) return { line, text, ...ofFinding(finding), cutOff: true, note: 'cut off' };
    }
    for (const text of texts) {
      const found = this.#message(line, text);
      if (found) return found;
    }
    return { line, text: plain.trim() };
  }

  /** Tells whether some known message may start in a line. */
  mayStart(line: string): boolean {
    return this.#starts.in(line).length > 0;
  }

  #message(line: string, text: string): LogMatch | undefined {
    const about = this.#entries.about(text);
    if (about) return { line, text, ...about };
    const healthy = aboutHealthy(text, this.#scan.records, this.#rows);
    if (healthy) return { line, text, ...healthy };
    const errno = ERRNO.exec(text)?.[1];
    const stem = text.replace(ERRNO, '');
    const rules = TEMPLATES.of(stem).flatMap(({ pattern, rule }) => (pattern.test(stem) ? [rule] : []));
    // Several rules can print such a line: one that this image breaks, if at another value, explains it best.
    const broken = rules.find((one) => this.#printed.hasRule(keyOf(one)));
    if (broken) return { line, text, rule: broken, otherValue: true };
    const host = HOST.of(text).find(({ pattern }) => pattern.test(text));
    if (host) return { line, text, side: host.side, note: host.note };
    const consequence = CONSEQUENCES.of(stem).find(({ pattern }) => pattern.test(stem));
    if (consequence) return { line, text, note: consequence.note };
    const fitting = rules.find((one) => errno === undefined || one.errno === undefined || one.errno === Number(errno));
    return fitting && { line, text, rule: fitting, ...given({ ambiguous: rules.length > 1 || undefined }) };
  }

  /** The finding whose line this is the beginning of, cut off at the right as a log or a window cuts it; not a whole line with another value. */
  #cutOff(text: string): CheckFinding | undefined {
    const finding = text.length >= PIECE ? this.#printed.longer(withoutIds(text)) : undefined;
    return finding && !TEMPLATES.of(text).some(({ pattern }) => pattern.test(text)) ? finding : undefined;
  }
}

/**
 * Returns what explains each line of a log; empty lines are left out, lines that a terminal has broken put together. Of
 * a log with very many lines the last are looked at, and a line in front of them says so.
 */
export function matchLog(log: string, findings: readonly CheckFinding[], scan: ScanResult): LogMatch[] {
  const matcher = new Matcher(findings, scan);
  const { lines, before } = lastLines(withLineEnds(log));
  const note = `${grouped(before)} lines before are not looked at`;
  const out: LogMatch[] = before > 0 ? [{ line: '…', text: '…', note }] : [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const match = matcher.line(line);
    const joined = joinedWith(lines[at + 1], match, matcher);
    if (joined) at++;
    out.push(joined ?? match);
  }
  return out;
}

/** The line with the next one behind it, where a terminal or a mail has broken it: together they say something. */
function joinedWith(next: string | undefined, match: LogMatch, matcher: Matcher): LogMatch | undefined {
  const isOpen = match.finding === undefined ? matcher.mayStart(match.line) : match.cutOff === true;
  if (!isOpen || next === undefined || !isContinued(next)) return undefined;
  const joined = matcher.line(`${match.line.trimEnd()} ${next.trimStart()}`);
  return joined.finding !== undefined && joined.cutOff !== true ? joined : undefined;
}
