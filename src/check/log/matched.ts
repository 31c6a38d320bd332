/** A log held against a check, as plain data: rules and findings by name and place, so that it crosses from a worker. */
import { given } from '../../lib/given';
import type { ScanResult } from '../../scan/scan';
import type { CheckFinding } from '../kit/finding';
import { type LogMatch, matchLog } from './match';

export interface MatchedLine extends Pick<LogMatch, 'line' | 'otherValue' | 'record' | 'offset' | 'length' | 'note'> {
  /** Index in the list of findings. */
  readonly finding?: number;
  /** Id of the rule that prints such lines. */
  readonly rule?: string;
}

/** Returns what explains each line of a log, as plain data. */
export function matchedLines(log: string, findings: readonly CheckFinding[], scan: ScanResult): MatchedLine[] {
  return matchLog(log, findings, scan).map(({ text: _text, cutOff: _cutOff, finding, rule, ...about }) => ({
    ...about,
    ...given({ finding: finding && findings.indexOf(finding), rule: rule?.id }),
  }));
}
