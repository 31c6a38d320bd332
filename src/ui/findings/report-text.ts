/** Reports for a bug tracker: of one finding, and of the whole check. Never the contents of memory. */
import { reportJson } from '../../check/json';
import { type LogLine, textsOf } from '../../check/kit/log-line';
import { verdictWords } from '../../check/verdict-words';
import { partName } from '../../check/kit/part-name';
import { ruleOf } from '../../check/rules/register';
import type { CheckResult } from '../../check/result';
import { READERS } from '../../check/kit/reader';
import { versionText } from '../../check/kit/xen-version';
import { hex0x } from '../../lib/text';
import type { ShownFinding } from '../../state/findings';
import { guestFacts } from '../shared/guest';
import type { OpenFile } from '../../state/open-file';

function imageLines({ image, imageName }: OpenFile): string[] {
  const { name, size, fingerprint } = imageName;
  return [
    `- image: ${name}, ${size} bytes${fingerprint === undefined ? '' : `, fingerprint ${fingerprint}`}`,
    `- guest: ${guestFacts(image).join(', ')}`,
  ];
}

const fenced = (title: string, lines: readonly LogLine[]): string[] =>
  lines.length === 0 ? [] : [...(title === '' ? [] : ['', title]), '', '```', ...textsOf(lines), '```'];

function findingLines(file: OpenFile, finding: ShownFinding): string[] {
  const { id, key, severity, layer, certainty, record, offset, length, message, log = [], debugLog = [] } = finding;
  const { image } = file;
  const row = record === undefined ? undefined : file.records.row(record);
  const part = row && partName(image, finding, row.vcpu);
  const rule = key === undefined ? undefined : ruleOf(key);
  return [
    `### ${message}`,
    '',
    `- ${[severity, layer, certainty, id].filter((word) => word !== undefined).join(', ')}`,
    `- at ${hex0x(offset)}, ${length} bytes${record === undefined ? '' : `, record ${record} ${row?.name ?? ''}${part === undefined ? '' : `, ${part}`}`}`,
    ...(rule ? [`- why: ${rule.explain}`, `- tested in: ${rule.source}`] : []),
    ...fenced('', log),
    ...fenced('A debug build of Xen prints before:', debugLog),
    '',
  ];
}

/** Returns a report of one finding, in Markdown. */
export const findingReport = (file: OpenFile, finding: ShownFinding): string =>
  [...findingLines(file, finding), ...imageLines(file), ''].join('\n');

/** Returns a report of the whole check, in Markdown. */
export function checkReport(file: OpenFile, result: CheckResult): string {
  const { xen, reader, reason, stages, findings, suppressed } = result;
  return [
    `## ${file.name}: ${verdictWords(result).report} by ${READERS[reader].title} on Xen ${versionText(xen)}`,
    '',
    ...(reason === undefined ? [] : [reason, '']),
    ...imageLines(file),
    '',
    ...stages.map(
      ({ title, status, facts }) => `1. ${title}: ${status}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`,
    ),
    '',
    ...findings.flatMap((finding) => findingLines(file, finding)),
    ...(suppressed > 0 ? [`and ${suppressed} more findings`, ''] : []),
  ].join('\n');
}

/** Returns the JSON of `xenscope check --json`. */
export function checkJson({ image, imageName }: OpenFile, result: CheckResult): string {
  const { name, size, fingerprint } = imageName;
  const source = { name, size };
  return JSON.stringify(reportJson(result, { image, fingerprint }, source), undefined, 2);
}
