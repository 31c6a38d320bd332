/** Would it restore, and if not why: the restore as a story, one finding with its bytes, and the pasted log. */
import { shownFindings } from '../../state/findings';
import { useApp } from '../../state/store';
import { openFinding } from './choose';
import { FindingDetail } from './finding-detail';
import { LogPanel } from './log-panel';
import { OtherFindings } from './other-findings';
import { Pending } from './pending';
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
