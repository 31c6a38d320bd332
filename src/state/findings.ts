/** The findings as the page shows them: the check's once it has spoken, before that what the scan noticed. */
import { verdictWords } from '../check/verdict-words';
import type { CheckFinding } from '../check/kit/finding';
import type { Finding } from '../scan/finding';
import type { CheckState } from './jobs/check';
import { phaseOf, type ScanState } from './jobs/scan';

/** A finding as the page shows it: what those of scan and check have in common, and what one of them may have. */
export type ShownFinding = Pick<Finding, 'id' | 'severity' | 'record' | 'offset' | 'length' | 'message'> &
  Partial<Pick<Finding, 'expected' | 'found'>> &
  Partial<Pick<CheckFinding, 'key' | 'certainty' | 'log' | 'debugLog' | 'pfn' | 'reached' | 'counts' | 'stage'>> & {
    readonly layer: Finding['layer'] | CheckFinding['layer'];
  };

/** Returns the name of a finding that a link has: the key of its rule, or what the scan calls it. */
export const keyOfShown = ({ key, id }: Pick<ShownFinding, 'key' | 'id'>): string => key ?? id;

/** Returns the findings that are shown: those of the check once it is done, before that those of the scan. */
export const shownFindings = (check: CheckState, { known }: ScanState): readonly ShownFinding[] =>
  check.state === 'done' ? check.out.findings : known.findings;

/** The verdict in the header. */
export interface Badge {
  readonly severity: 'fatal' | 'warning' | 'ok' | 'note';
  readonly word: string;
  /** `1 fatal`, `2 warnings`, `1 note`. */
  readonly detail: string;
  /** May still change. */
  readonly provisional: boolean;
}

const count = (findings: readonly ShownFinding[], severity: ShownFinding['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length;

function detailOf(findings: readonly ShownFinding[]): string {
  const [fatal, warnings, notes] = [count(findings, 'fatal'), count(findings, 'warning'), count(findings, 'note')];
  if (fatal > 0) return `${fatal} fatal`;
  if (warnings > 0) return warnings === 1 ? '1 warning' : `${warnings} warnings`;
  return notes === 0 ? '' : notes === 1 ? '1 note' : `${notes} notes`;
}

/** Returns the verdict as the header says it. It is provisional while the scan or the check runs. */
export function badgeOf(check: CheckState, scan: ScanState): Badge {
  const findings = shownFindings(check, scan);
  const detail = detailOf(findings);
  const phase = phaseOf(scan);
  if (check.state === 'done') {
    const { sign, badge } = verdictWords(check.out);
    return { severity: sign, word: badge, detail, provisional: false };
  }
  const going = phase === 'scanning' || check.state === 'running';
  if (count(findings, 'fatal') > 0) return { severity: 'fatal', word: 'Damaged', detail, provisional: going };
  if (going)
    return { severity: 'note', word: phase === 'scanning' ? 'Scanning' : 'Checking', detail, provisional: true };
  return {
    severity: 'note',
    word: phase === 'done' ? 'Not checked' : 'Not scanned to the end',
    detail,
    provisional: false,
  };
}
