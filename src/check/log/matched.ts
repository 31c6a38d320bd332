/** A log held against a check, as plain data: rules and findings by name and place, so that it crosses from a worker. */
import type { CheckFinding } from '../kit/finding';
import type { ScanResult } from '../../scan/scan';
import { matchLog } from './match';

export interface MatchedLine {
  /** As it was pasted. */
  readonly line: string;
  /** Place in the list of findings. */
  readonly finding?: number;
  /** Id of the rule that prints such lines. */
  readonly rule?: string;
  readonly record?: number;
  readonly offset?: number;
  readonly length?: number;
  /** What the line says, in words. */
  readonly note?: string;
}

export function matchedLines(text: string, findings: readonly CheckFinding[], scan: ScanResult): MatchedLine[] {
  return matchLog(text, findings, scan).map(({ line, finding, rule, record, offset, length, note }) => ({
    line,
    ...(finding === undefined ? {} : { finding: findings.indexOf(finding) }),
    ...(rule === undefined ? {} : { rule: rule.id }),
    ...(record === undefined ? {} : { record }),
    ...(offset === undefined ? {} : { offset }),
    ...(length === undefined ? {} : { length }),
    ...(note === undefined ? {} : { note }),
  }));
}
