/** A log held against a check, as plain data: rules and findings by name and place, so that it crosses from a worker. */
import { given } from '../../lib/given';
import type { ScanResult } from '../../scan/scan';
import type { CheckFinding } from '../kit/finding';
import { explainLog, headlineOf } from './explain';
import type { LogMatch } from './match';
import type { ReadBytes } from './values/image';

export interface MatchedLine extends Pick<
  LogMatch,
  'line' | 'otherValue' | 'record' | 'offset' | 'length' | 'note' | 'side' | 'refused'
> {
  /** Index in the list of findings. */
  readonly finding?: number;
  /** Id of the rule that prints such lines. */
  readonly rule?: string;
}

/** A log as the page shows it. */
export interface MatchedLog {
  readonly lines: readonly MatchedLine[];
  /** What the log shows that the verdict does not know of. */
  readonly headline?: string;
}

/** Explains a log, as plain data. Rejects where a read of the image fails. */
export async function matchedLog(
  log: string,
  findings: readonly CheckFinding[],
  scan: ScanResult,
  read: ReadBytes,
): Promise<MatchedLog> {
  const matches = await explainLog(log, findings, scan, read);
  const lines = matches.map(({ text: _text, cutOff: _cutOff, ambiguous: _ambiguous, finding, rule, ...about }) => ({
    ...about,
    ...given({ finding: finding && findings.indexOf(finding), rule: rule?.id }),
  }));
  return { lines, ...given({ headline: headlineOf(matches) }) };
}
