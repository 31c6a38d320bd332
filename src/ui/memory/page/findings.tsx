/** What was found about the page: a row of its facts, each finding with a way to what is said of it. */
import { counted } from '../../../lib/text';
import { chooseFinding, showTab } from '../../../state/actions';
import { SeverityIcon } from '../../shared/severity-icon';
import { useFile, useShownFindings } from '../../shared/use-file';
import styles from './aside.module.css';

/** Findings named; the Findings tab has them all. */
const SHOWN = 4;

/**
 * Shows the findings about a page as a row of its facts, each with a way to the Findings tab; nothing if there are
 * none.
 */
export function PageFindings({ pfn }: { readonly pfn: number }): React.ReactNode {
  const file = useFile();
  const findings = useShownFindings();
  const own = [...findings.entries()].filter(([, finding]) => finding.pfn === pfn);
  if (own.length === 0) return null;
  return (
    <>
      <dt>{own.length > 1 ? 'Findings' : 'Finding'}</dt>
      <dd className={styles['uses']}>
        {own.slice(0, SHOWN).map(([index, { severity, message }]) => (
          <button
            key={index}
            type="button"
            className={`link ${styles['finding']}`}
            title="Show the finding"
            onClick={() => {
              chooseFinding(file, index);
              showTab(file, 'findings');
            }}
          >
            <span className={`sev-${severity}`}>
              <SeverityIcon severity={severity} size={12} />
              <span className="sr">{severity}: </span>
            </span>
            <span>{message}</span>
          </button>
        ))}
        {own.length > SHOWN && <span className={styles['by']}>and {counted(own.length - SHOWN, 'more', 'more')}</span>}
      </dd>
    </>
  );
}
