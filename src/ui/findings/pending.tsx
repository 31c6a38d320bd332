/** The place of the story before there is one: how far the scan or the check is, or why there will be none. */
import { ShieldQuestionMark } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { cancelCheck, startCheck } from '../../state/session';
import { type Check, useApp } from '../../state/store';
import { PanelMessage } from '../shared/panel-message';
import styles from './findings.module.css';

const LABEL = 'The restore, step by step';

export function Pending(): React.ReactNode {
  const phase = useApp((state) => state.phase);
  const check = useApp((state) => state.check);
  const position = useApp((state) => state.progress.position);
  if (phase === 'scanning') {
    return (
      <section className={styles['pending']} aria-label={LABEL}>
        <h1>Scanning</h1>
        <p>
          The verdict comes when the scan has ended. It is at {byteSize(position)}; what it has noticed is on the right.
        </p>
      </section>
    );
  }
  if (check.state !== 'none' && check.state !== 'done') return <Unjudged check={check} />;
  return (
    <PanelMessage
      icon={ShieldQuestionMark}
      title="Not scanned to the end"
      text={
        phase === 'cancelled'
          ? `The scan was cancelled: what lies behind ${byteSize(position)} was not looked at.`
          : 'The scan stopped by itself: what lies behind was not looked at.'
      }
    />
  );
}

/** A check that runs, or that did not come to its end; with the key that turns one into the other. */
function Unjudged({ check }: { readonly check: Exclude<Check, { state: 'none' | 'done' }> }): React.ReactNode {
  const target = useApp((state) => state.target);
  const runs = check.state === 'running';
  // One element for all states, so that the focus stays where it was pressed.
  return (
    <section className={styles['pending']} aria-label={LABEL}>
      <h1>{runs ? 'Checking' : 'Not checked'}</h1>
      <p role={check.state === 'failed' ? 'alert' : 'status'}>{textOf(check)}</p>
      {runs && (
        <div className={styles['progress']}>
          <progress max={1} value={shareOf(check)} aria-label="Check" />
          <span className="mono">{percent(check)}</span>
        </div>
      )}
      <button type="button" className="btn" onClick={runs ? cancelCheck : () => startCheck(target)}>
        {runs ? 'Cancel' : check.state === 'cancelled' ? 'Check again' : 'Try again'}
      </button>
    </section>
  );
}

type Part = Pick<Extract<Check, { state: 'running' }>, 'done' | 'total'>;
const shareOf = ({ done, total }: Part): number => (total > 0 ? Math.min(1, done / total) : 0);
/** Of work that is not at its end there is never all. */
const percent = (part: Part): string => `${Math.min(99, Math.floor(shareOf(part) * 100))} %`;

function textOf(check: Exclude<Check, { state: 'none' | 'done' }>): string {
  switch (check.state) {
    case 'running':
      return 'The restore is played through, record by record.';
    case 'cancelled':
      return `The check was cancelled at ${percent(check)}. Whether the image would restore is not known.`;
    case 'failed':
      return `The check stopped: ${check.reason}.`;
  }
}
