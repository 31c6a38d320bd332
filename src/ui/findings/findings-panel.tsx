/** Would it restore, and if not why: the restore as a story, one finding with its bytes, and the pasted log. */
import { openFinding } from '../../state/chosen-finding';
import { FindingDetail } from './finding-detail';
import { LogPanel } from './log-panel';
import { OtherFindings } from './other-findings';
import { Pending } from './pending';
import { Sound } from './sound';
import { Story } from './story';
import { TargetBar } from './target-bar';
import { useCheck, useFile, usePlace, useShownFindings, useSuppressed, useView } from '../shared/use-file';
import styles from './findings.module.css';

/** Shows the Findings tab: the restore step by step, the target, the open finding, all others, and the log. */
export function FindingsPanel(): React.ReactNode {
  const file = useFile();
  const check = useCheck((all) => all);
  const findings = useShownFindings();
  useView((view) => view.finding);
  usePlace((place) => place.finding);
  const suppressed = useSuppressed();
  const open = openFinding(file);
  const finding = findings[open];
  const result = check.state === 'done' ? check.out : undefined;
  return (
    <div className={styles['panel']}>
      {result ? <Story result={result} /> : <Pending />}
      <div className={styles['right']}>
        <TargetBar />
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what is scrolled takes the focus, so that keys scroll it */}
        <section className={styles['scroll']} tabIndex={0} aria-label="Details">
          {finding ? <FindingDetail finding={finding} /> : result && <Sound result={result} />}
          {findings.length > 1 && (
            <OtherFindings findings={findings} open={open} suppressed={result ? result.suppressed : suppressed} />
          )}
        </section>
        {result && <LogPanel result={result} />}
      </div>
    </div>
  );
}
