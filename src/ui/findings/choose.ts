/** Which finding is looked at, and stepping through them. */
import { chooseFinding } from '../../state/actions';
import { showBytesOf } from './show-bytes';
import { shownFindings } from '../../state/findings';
import { useApp } from '../../state/store';

/** The finding that is open: the chosen one, else that of the link, else where the restore stops, else the gravest. */
export function openFinding(): number {
  const state = useApp.getState();
  const findings = shownFindings(state);
  if (state.finding !== undefined && state.finding < findings.length) return state.finding;
  const { finding: linked } = state.place;
  const named = linked ? findings.findIndex((finding) => same(finding, linked)) : -1;
  if (named >= 0) return named;
  const first = state.check.state === 'done' ? state.check.result.first : null;
  const at = first ? findings.findIndex((finding) => finding === first || same(finding, first)) : -1;
  if (at >= 0) return at;
  for (const severity of ['fatal', 'warning', 'note']) {
    const found = findings.findIndex((finding) => finding.severity === severity);
    if (found >= 0) return found;
  }
  return -1;
}

interface Place {
  readonly id: string;
  readonly offset: number;
}
/** `first` and its twin in the list are two objects once they have crossed from the worker. */
const same = (a: Place, b: Place): boolean => a.id === b.id && a.offset === b.offset;

/** Goes to the next or previous finding; on the record's tab its bytes are shown too. */
export function stepFinding(by: 1 | -1): void {
  const state = useApp.getState();
  const findings = shownFindings(state);
  if (findings.length === 0) return;
  // From the one in view; where none is, the first or the last.
  const seen = state.finding ?? (state.place.tab === 'findings' ? openFinding() : -1);
  const from = seen < 0 && by < 0 ? findings.length : seen;
  const to = (from + by + findings.length) % findings.length;
  chooseFinding(to);
  const finding = findings[to];
  if (finding && state.place.tab !== 'findings') showBytesOf(finding);
}
