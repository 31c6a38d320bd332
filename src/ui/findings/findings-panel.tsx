/** Would it restore, and if not why: the restore as a story, one finding with its bytes, and the pasted log. */
import { ShieldQuestionMark } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { cancelCheck, startCheck } from '../../state/session';
import { shownFindings } from '../../state/findings';
import { useApp } from '../../state/store';
import { PanelMessage } from '../shared/panel-message';
import { openFinding } from './choose';
import { FindingDetail } from './finding-detail';
import { LogPanel } from './log-panel';
import { OtherFindings } from './other-findings';
import { Sound } from './sound';
import { Story } from './story';
import { TargetBar } from './target-bar';
import styles from './findings.module.css';

export function FindingsPanel(): React.ReactNode {
  const check = useApp((state) => state.check);
  const findings = useApp(shownFindings);
  useApp((state) => state.finding);
  useApp((state) => state.place.finding);
  const suppressed = useApp((state) => state.suppressed);
  const open = openFinding();
  const finding = findings[open];
  const result = check.state === 'done' ? check.result : undefined;
  return (
    <div className={styles['panel']}>
      {result ? <Story result={result} /> : <Pending />}
      <div className={styles['right']}>
        <TargetBar />
        <div className={styles['scroll']} tabIndex={0} role="region" aria-label="Details">
          {finding ? <FindingDetail finding={finding} /> : result && <Sound result={result} />}
          {findings.length > 1 && (
            <OtherFindings findings={findings} open={open} suppressed={result ? result.suppressed : suppressed} />
          )}
        </div>
        {result && <LogPanel result={result} />}
      </div>
    </div>
  );
}

/** The place of the story before there is one. */
function Pending(): React.ReactNode {
  const phase = useApp((state) => state.phase);
  const check = useApp((state) => state.check);
  const position = useApp((state) => state.progress.position);
  const target = useApp((state) => state.target);
  const again = (
    <button type="button" className="btn" onClick={() => startCheck(target)}>
      Check now
    </button>
  );
  if (phase === 'scanning') {
    return (
      <section className={styles['pending']} aria-label="The restore, step by step">
        <h1>Scanning</h1>
        <p>
          The verdict comes when the scan has ended. It is at {byteSize(position)}; what it has noticed is on the right.
        </p>
      </section>
    );
  }
  if (check.state === 'running') {
    const share = check.total > 0 ? Math.min(1, check.done / check.total) : 0;
    return (
      <section className={styles['pending']} aria-label="The restore, step by step">
        <h1>Checking</h1>
        <p>The restore is played through, record by record.</p>
        <progress max={1} value={share} aria-label="Check" />
        <button type="button" className="btn" onClick={cancelCheck}>
          Cancel
        </button>
      </section>
    );
  }
  if (check.state === 'failed') {
    return (
      <section className={styles['pending']} aria-label="The restore, step by step">
        <h1>Not checked</h1>
        <p role="alert">The check stopped: {check.reason}.</p>
        {again}
      </section>
    );
  }
  if (check.state === 'cancelled') {
    return (
      <section className={styles['pending']} aria-label="The restore, step by step">
        <h1>Not checked</h1>
        <p>The check was cancelled.</p>
        {again}
      </section>
    );
  }
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
