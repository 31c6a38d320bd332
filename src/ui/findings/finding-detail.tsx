/** One finding: what it says, the lines that Xen prints for it, why, what to do, and the bytes. */
import { Copy } from 'lucide-react';
import { PRINTERS } from '../../check/kit/log-line';
import { ruleOf } from '../../check/rules/register';
import { counted, hex0x } from '../../lib/text';
import type { ShownFinding } from '../../state/findings';
import { copyText } from '../shared/clipboard';
import { focusBytes } from '../shared/focus-bytes';
import { SeverityIcon } from '../shared/severity-icon';
import { FindingFacts } from './finding-facts';
import { GuiltyField } from './guilty-field';
import { HexLines } from './hex-lines';
import { findingReport } from './report-text';
import { showFindingBytes } from '../../state/chosen-finding';
import { capital, WORDS } from './words';
import { useFile } from '../shared/use-file';
import styles from './findings.module.css';

/** What the finding weighs: for a check's fatal one whether the restore comes as far as that. */
function weight({ severity, certainty, reached, counts }: ShownFinding): string {
  if (certainty === 'target' && counts !== true) return 'Depends on the target';
  if (severity === 'fatal' && reached === true) return 'Stops the restore';
  if (severity === 'fatal' && reached === false) return 'Never reached';
  return WORDS[severity];
}

function certaintyText({ certainty, counts }: ShownFinding): string | undefined {
  if (certainty === undefined) return undefined;
  if (certainty === 'certain') return 'certain, on any host';
  return counts === true ? 'on the target that was given' : 'only the target can tell';
}

/** Shows one finding: what it says, the lines that Xen prints for it, why, what to do, and the bytes. */
export function FindingDetail({ finding }: { readonly finding: ShownFinding }): React.ReactNode {
  const file = useFile();
  const { id, key, severity, layer, message } = finding;
  const rule = key === undefined ? undefined : ruleOf(key);
  const about = [layer === 'file' ? 'file' : layer, certaintyText(finding)].filter((word) => word !== undefined);
  return (
    <article className={styles['detail']} aria-label="Finding">
      <header className={styles['meta']}>
        <span className={`sev-${severity} ${styles['chip']}`}>
          <SeverityIcon severity={severity} size={12} />
          {weight(finding)}
        </span>
        <span>{about.join(' · ')}</span>
        <code className="cap mono">{id}</code>
        <button
          type="button"
          className="btn icon"
          aria-label="Copy a report of this finding"
          title="Copy report"
          onClick={() => void copyText(findingReport(file, finding), 'Report')}
        >
          <Copy size={14} aria-hidden />
        </button>
      </header>
      <h2>{capital(message)}</h2>
      <Printed finding={finding} />
      {rule && (
        <div className={styles['why']}>
          <section>
            <h3>Why</h3>
            <p>{rule.explain}</p>
          </section>
          <section>
            <h3>What to do</h3>
            <p>{rule.advice}</p>
          </section>
        </div>
      )}
      <FindingFacts finding={finding} source={rule?.source} />
      <Evidence finding={finding} />
    </article>
  );
}

/** The lines that Xen prints for it, and those that only a debug build prints. */
function Printed({ finding }: { readonly finding: ShownFinding }): React.ReactNode {
  const { severity, log = [], debugLog = [] } = finding;
  return (
    <>
      {log.length > 0 && (
        <ol className={`mono ${styles['log']}`} aria-label="What Xen prints">
          {log.map(({ by, text }, index) => (
            <li key={index}>
              <span>{PRINTERS[by]}</span>
              <span className={index === 0 && severity === 'fatal' ? styles['lead'] : ''}>{text}</span>
            </li>
          ))}
        </ol>
      )}
      {debugLog.length > 0 && (
        <details className={styles['more']}>
          <summary>What a debug build of Xen prints before</summary>
          <ol className={`mono ${styles['log']}`}>
            {debugLog.map(({ by, text }, index) => (
              <li key={index}>
                <span>{PRINTERS[by]}</span>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

/** The bytes that it is about; nothing for a finding that is about no bytes. */
function Evidence({ finding }: { readonly finding: ShownFinding }): React.ReactNode {
  const file = useFile();
  const { offset, length, severity } = finding;
  // What is cut off is missing behind the last byte.
  const atEnd = file.size > 0 && offset >= file.size;
  if (length === 0 && !atEnd) return undefined;
  return (
    <section className={styles['evidence']} aria-label="Bytes of the finding">
      <header>
        <h3>The bytes</h3>
        <span className="mono ell">
          {hex0x(offset)} · {length > 0 ? counted(length, 'byte') : 'the end of the file'}
        </span>
        <button
          type="button"
          className="btn primary"
          onClick={() => {
            showFindingBytes(file, finding);
            focusBytes();
          }}
        >
          Show the bytes
        </button>
      </header>
      <HexLines range={{ start: offset, end: offset + length }} grave={severity === 'fatal'} />
      <GuiltyField finding={finding} />
    </section>
  );
}
