/** Which finding is looked at, and stepping through them. */
import { chooseFinding, goToOffset } from './actions';
import { keyOfShown, shownFindings, type ShownFinding } from './findings';
import type { OpenFile } from './open-file';

/**
 * Returns the place in the list of the finding that is open: the chosen one, else that of the link, else where the restore
 * stops, else the gravest; −1 where there is none.
 */
export function openFinding({ check, scan, view, place }: OpenFile): number {
  const findings = shownFindings(check.state, scan.state);
  const { finding: chosen } = view.getState();
  if (chosen !== undefined && chosen < findings.length) return chosen;
  const { finding: linked } = place;
  const named = linked ? findingOfLink(findings, linked) : -1;
  if (named >= 0) return named;
  const first = check.state.state === 'done' ? check.state.out.first : undefined;
  // `first` and its twin in the list are two objects once they have crossed from the worker.
  const at = first ? findings.findIndex((finding) => finding === first || isNamed(finding, first)) : -1;
  if (at >= 0) return at;
  for (const severity of ['fatal', 'warning', 'note']) {
    const found = findings.findIndex((finding) => finding.severity === severity);
    if (found >= 0) return found;
  }
  return -1;
}

interface Named {
  readonly key: string;
  readonly offset: number;
}
const isNamed = (finding: ShownFinding, { key, offset }: Named): boolean =>
  keyOfShown(finding) === key && finding.offset === offset;

/** Links were made with ids before rules had keys: such a one leads to the first finding of its id. */
function findingOfLink(findings: readonly ShownFinding[], linked: Named): number {
  const exact = findings.findIndex((finding) => isNamed(finding, linked));
  return exact >= 0 ? exact : findings.findIndex(({ id, offset }) => id === linked.key && offset === linked.offset);
}

/** Goes to the next or previous finding; on the record's tab its bytes are shown too. */
export function stepFinding(file: OpenFile, by: 1 | -1): void {
  const findings = shownFindings(file.check.state, file.scan.state);
  if (findings.length === 0) return;
  const { tab } = file.place;
  // From the one in view; where none is, the first or the last.
  const seen = file.view.getState().finding ?? (tab === 'findings' ? openFinding(file) : -1);
  const from = seen < 0 && by < 0 ? findings.length : seen;
  const to = (from + by + findings.length) % findings.length;
  chooseFinding(file, to);
  const finding = findings[to];
  if (finding && tab !== 'findings') showFindingBytes(file, finding);
}

/** Shows the bytes of a finding; for what lies behind the end of the file, the last byte that is there. */
export function showFindingBytes(
  file: OpenFile,
  { offset, length }: { readonly offset: number; readonly length: number },
): void {
  goToOffset(file, Math.max(0, Math.min(offset, file.size - 1)), Math.max(1, length));
}
