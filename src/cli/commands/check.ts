/**
 * `xenscope check`: would the image restore, and if not, why. Exit codes: 0 it would, 1 it would not or that cannot be
 * told, 2 not readable.
 */
import { readFileSync } from 'node:fs';
import { check } from '../../check/check';
import type { CheckResult } from '../../check/result';
import type { CheckFinding } from '../../check/kit/finding';
import { verdictWords } from '../../check/verdict-words';
import { partName } from '../../check/kit/part-name';
import { logText } from '../../check/log/clean';
import { isReader, READER_IDS, type ReaderId, READERS } from '../../check/kit/reader';
import type { Refusal } from '../../scan/identify';
import { reportJson } from '../../check/json';
import { explainLog } from '../../check/log/explain';
import type { LogMatch } from '../../check/log/match';
import { ruleOf } from '../../check/rules/register';
import { readTarget, TARGET_LIMIT } from '../../check/target/read-target';
import { open } from '../open';
import { parseVersion, versionText } from '../../check/kit/xen-version';
import { keyOf } from '../../check/kit/rule';
import { hex0x } from '../../lib/text';
import type { ScanResult } from '../../scan/scan';
import { command, type Input } from '../command';
import { CliError } from '../error';
import { flag, JSON_OPTION, valued } from '../option';
import { printLog } from './check-log';
import { checkReleases, printReleases } from './check-releases';
import { print } from '../output';

const OPTIONS = {
  ...JSON_OPTION,
  log: valued('FILE', 'a log of a restore, to find its lines in the image'),
  allLines: flag('print all lines of the log, also those that say nothing of a failure'),
  targetPolicy: valued('FILE', 'output of xen-cpuid -p on the restoring host'),
  reader: valued('NAME', `who restores: ${READER_IDS.join(', ')}`),
  xen: valued('VERSION', 'version of Xen there, or all; the one that saved the image if not given'),
};

export const checkCommand = command({
  name: 'check',
  about: 'Says whether the image would restore and, if not, where a restore stops and why.',
  one: 'it would not restore, or that cannot be told',
  options: OPTIONS,
  anyFile: true,
  run: runCheck,
});

function readLog(path: string): string {
  try {
    return logText(readFileSync(path));
  } catch (error) {
    throw new CliError(`the log ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function targetOf(path: string | undefined) {
  if (path === undefined) return undefined;
  const file = open(path);
  try {
    const target = await readTarget(await file.read(0, TARGET_LIMIT));
    if (!target) throw new CliError(`${path} is neither the output of xen-cpuid -p nor an image with a CPUID policy`);
    return target;
  } finally {
    file.close();
  }
}

function versionGiven(text: string | undefined) {
  if (text === undefined) return undefined;
  const version = parseVersion(text);
  if (version === undefined) throw new CliError(`no version of Xen that reads such images: ${text} (4.6 and later)`);
  return version;
}

function readerGiven(text: string | undefined): ReaderId | undefined {
  if (text === undefined || isReader(text)) return text;
  throw new CliError(`no reader of that name: ${text} (${READER_IDS.join(', ')})`);
}

/** Files of another kind: whether they restore is not for the readers that are known here to say. */
const NOT_READ: ReadonlySet<Refusal['code']> = new Set(['compressed', 'legacy', 'other-format']);

/** Runs the check and prints what came out; returns the exit code. */
async function runCheck({ scan, source, path, options }: Input<typeof OPTIONS>): Promise<number> {
  const target = await targetOf(options.targetPolicy);
  const log = options.log === undefined ? undefined : readLog(options.log);
  const { refusal } = scan.image;
  if (refusal && NOT_READ.has(refusal.code)) throw new CliError(`${path}: ${refusal.title}. ${refusal.help}`);
  const reader = readerGiven(options.reader);
  const named = { ...source, name: path };
  if (options.xen === 'all') return printReleases(await checkReleases(scan, named, { reader, target }), options.json);
  const xen = versionGiven(options.xen);
  const report = await check(scan, named, { xen, reader, target });
  if (!report.complete) throw new CliError(`${path}: ${report.unread ?? 'not checked to its end'}`);
  const lines =
    log === undefined
      ? undefined
      : await explainLog(log, report.findings, scan, (offset, length) => source.read(offset, length));
  if (options.json)
    print(JSON.stringify({ ...reportJson(report, scan, source), ...(lines ? { log: lines.map(logJson) } : {}) }));
  else printReport(report, scan, lines, options.allLines);
  return report.verdict === 'fails' || report.verdict === 'unknown' ? 1 : 0;
}

const logJson = ({ line, text, finding, rule, record, offset, length, note }: LogMatch) => ({
  line,
  text,
  finding: finding?.id ?? null,
  rule: rule?.id ?? null,
  key: rule ? keyOf(rule) : null,
  record: record ?? null,
  offset: offset ?? null,
  length: length ?? null,
  note: note ?? null,
});

const NEXT =
  'If a restore fails all the same, look at dom0’s memory, at the log of the target’s hypervisor (xl dmesg), at the guest, and at the device model (qemu-dm log).';
const MARKS = { passed: '✓', stopped: '✗', 'not reached': '·', 'not looked at': '?', absent: '–' } as const;

function printReport(
  report: CheckResult,
  scan: ScanResult,
  lines: readonly LogMatch[] | undefined,
  all: boolean,
): void {
  const { reason, reader, xen } = report;
  const why = reason === undefined ? '' : `: ${reason}`;
  print(`${verdictWords(report).terminal}${why} (${READERS[reader].title}, as Xen ${versionText(xen)})`);
  print('');
  for (const { title, status, facts } of report.stages)
    print(`  ${MARKS[status]} ${title}${facts.length > 0 ? `: ${facts.slice(0, 3).join('; ')}` : ''}`);
  if (report.first) printWhole('stops at', report.first, scan);
  for (const finding of report.findings.filter((one) => one !== report.first && one.severity !== 'note')) {
    printWhole(finding.reached ? finding.severity : `${finding.severity}, never reached`, finding, scan);
  }
  const notes = report.findings.filter(({ severity }) => severity === 'note');
  if (notes.length > 0) print('');
  for (const { id, message, offset, certainty } of notes)
    print(`note ${id} at ${hex0x(offset)}: ${message}${certainty === 'target' ? ' (depends on the target)' : ''}`);
  if (report.suppressed > 0) print(`and ${report.suppressed} more findings`);
  if (lines) printLog(lines, all);
  if (report.verdict === 'ok') {
    print('');
    print(NEXT);
  }
}

function printWhole(what: string, finding: CheckFinding, { image, records }: ScanResult): void {
  const rule = ruleOf(finding.key);
  const part = finding.record === undefined ? undefined : partName(image, finding, records.vcpuAt(finding.record));
  const record =
    finding.record === undefined ? '' : `, record ${finding.record}${part === undefined ? '' : `, ${part}`}`;
  print('');
  print(
    `${what} ${finding.id} (${finding.layer}) at ${hex0x(finding.offset)}+${finding.length}${record}: ${finding.message}`,
  );
  for (const { text } of finding.debugLog ?? []) print(`    log of a debug build: ${text}`);
  for (const { text } of finding.log) print(`    log: ${text}`);
  if (!rule) return;
  print(`    ${rule.explain}`);
  print(`    What to do: ${rule.advice}`);
  print(`    Source: ${rule.source}`);
}
