/** The place of the story before there is one: how far the scan or the check is, or why there will be none. */
import { ShieldQuestionMark } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { checkAgain } from '../../state/actions';
import type { CheckState } from '../../state/jobs/check';
import { shareOf } from '../../state/jobs/job';
import { Meter } from '../shared/meter';
import { PanelMessage } from '../shared/panel-message';
import { useCheck, useFile, usePhase, useProgress, useStopped } from '../shared/use-file';
import styles from './findings.module.css';

const LABEL = 'The restore, step by step';

/** Shows how far the scan or the check is, or why there is no verdict, in the place of the story. */
export function Pending(): React.ReactNode {
  const phase = usePhase();
  const check = useCheck((all) => all);
  const position = useProgress((progress) => progress.position);
  const stopped = useStopped();
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
  if (check.state !== 'idle' && check.state !== 'done') return <Unjudged check={check} />;
  return (
    <PanelMessage
      icon={ShieldQuestionMark}
      title="Not scanned to the end"
      text={
        phase === 'cancelled'
          ? `The scan was cancelled at ${byteSize(position)}: the rest of the file was not examined.`
          : phase === 'stopped'
            ? `The scan was ended at ${byteSize(position)}: ${stopped ?? ''}. The rest of the file was not examined.`
            : 'The scan stopped by itself: the rest of the file was not examined.'
      }
    />
  );
}

/** A check that runs, or that did not come to its end; with the key that turns one into the other. */
function Unjudged({ check }: { readonly check: CheckState }): React.ReactNode {
  const file = useFile();
  const runs = check.state === 'running';
  // One element for all states, so that the focus stays where it was pressed.
  return (
    <section className={styles['pending']} aria-label={LABEL}>
      <h1>{runs ? 'Checking' : 'Not checked'}</h1>
      <p role={check.state === 'failed' ? 'alert' : 'status'}>{textOf(check)}</p>
      {runs && (
        <div className={styles['progress']}>
          <Meter label="Check" share={shareOf(check.reached)} />
          <span className="mono">{percent(check)}</span>
        </div>
      )}
      <button type="button" className="btn" onClick={() => (runs ? file.check.cancel() : checkAgain(file))}>
        {runs ? 'Cancel' : check.state === 'cancelled' ? 'Check again' : 'Try again'}
      </button>
    </section>
  );
}

/** Never 100 % while the work still runs. */
const percent = ({ reached }: CheckState): string => `${Math.min(99, Math.floor(shareOf(reached) * 100))} %`;

function textOf(check: CheckState): string {
  switch (check.state) {
    case 'idle':
    case 'done':
      return '';
    case 'running':
      return 'The restore is played through, record by record.';
    case 'cancelled':
      return `The check was cancelled at ${percent(check)}. Whether the image would restore is not known.`;
    case 'failed':
      return `The check stopped: ${check.reason}.`;
  }
}
