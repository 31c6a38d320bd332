/** Reports for a bug tracker: of one finding, and of the whole check. Never the contents of memory. */
import { reportJson } from '../../check/json';
import { type LogLine, textsOf } from '../../check/kit/log-line';
import { partName } from '../../check/kit/part-name';
import { ruleOf } from '../../check/rules/register';
import type { CheckResult } from '../../check/result';
import { versionText } from '../../check/kit/xen-version';
import { hex0x } from '../../lib/text';
import { fileData } from '../../state/session';
import type { ShownFinding } from '../../state/findings';
import { useApp } from '../../state/store';
import { guestFacts } from '../shared/guest';

function imageLines(): string[] {
  const { file, image, fingerprint } = useApp.getState();
  return [
    `- image: ${file?.name ?? ''}, ${file?.size ?? 0} bytes${fingerprint === undefined ? '' : `, fingerprint ${fingerprint}`}`,
    `- guest: ${guestFacts(image).join(', ')}`,
  ];
}

const fenced = (title: string, lines: readonly LogLine[]): string[] =>
  lines.length === 0 ? [] : [...(title === '' ? [] : ['', title]), '', '```', ...textsOf(lines), '```'];

function findingLines(finding: ShownFinding): string[] {
  const { id, key, severity, layer, certainty, record, offset, length, message, log = [], debugLog = [] } = finding;
  const { image } = useApp.getState();
  const row = record === null ? undefined : fileData().records.row(record);
  const part = row && partName(image, finding, row.vcpu);
  const rule = key === undefined ? undefined : ruleOf(key);
  return [
    `### ${message}`,
    '',
    `- ${[severity, layer, certainty, id].filter((word) => word !== undefined).join(', ')}`,
    `- at ${hex0x(offset)}, ${length} bytes${record === null ? '' : `, record ${record} ${row?.name ?? ''}${part === undefined ? '' : `, ${part}`}`}`,
    ...(rule ? [`- why: ${rule.explain}`, `- tested in: ${rule.source}`] : []),
    ...fenced('', log),
    ...fenced('A debug build of Xen prints before:', debugLog),
    '',
  ];
}

export const findingReport = (finding: ShownFinding): string =>
  [...findingLines(finding), ...imageLines(), ''].join('\n');

const VERDICTS = {
  ok: 'would restore',
  suspect: 'would restore, but not run rightly',
  fails: 'would not restore',
} as const;

export function checkReport(result: CheckResult): string {
  const { verdict, unjudged, xen, stages, findings, suppressed } = result;
  const words = unjudged === true ? 'whether it would restore cannot be told' : VERDICTS[verdict];
  return [
    `## ${useApp.getState().file?.name ?? 'Image'}: ${words} on Xen ${versionText(xen)}`,
    '',
    ...imageLines(),
    '',
    ...stages.map(
      ({ title, status, facts }) => `1. ${title}: ${status}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`,
    ),
    '',
    ...findings.flatMap(findingLines),
    ...(suppressed > 0 ? [`and ${suppressed} more findings`, ''] : []),
  ].join('\n');
}

/** The JSON of `xenscope check --json`. */
export function checkJson(result: CheckResult): string {
  const { file, image, fingerprint } = useApp.getState();
  const source = { name: file?.name ?? '', size: file?.size ?? 0 };
  return JSON.stringify(reportJson(result, { image, fingerprint }, source), undefined, 2);
}
