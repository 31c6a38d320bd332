/** One finding: what it says, the lines that Xen prints for it, why, what to do, and the bytes. */
import { Copy } from 'lucide-react';
import { PRINTERS } from '../../check/kit/log-line';
import { partName } from '../../check/kit/part-name';
import { ruleOf } from '../../check/rules/register';
import { counted, hex0x } from '../../lib/text';
import { recordAt } from '../../state/actions';
import type { ShownFinding } from '../../state/findings';
import { copyText } from '../shared/clipboard';
import { focusBytes } from '../shared/focus-bytes';
import { OffsetLink, RecordLink } from '../shared/links';
import { SeverityIcon } from '../shared/severity-icon';
import { useRow } from '../shared/use-decoded';
import { GuiltyField } from './guilty-field';
import { HexLines } from './hex-lines';
import { findingReport } from './report-text';
import { showFindingBytes } from '../../state/chosen-finding';
import { capital, WORDS } from './words';
import { useFile, useImage } from '../shared/use-file';
import { useApp } from '../shared/use-app';
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
  const { id, key, severity, layer, message, offset, length, log = [], debugLog = [] } = finding;
  const rule = key === undefined ? undefined : ruleOf(key);
  // What is cut off is missing behind the last byte.
  const atEnd = useApp((state) => state.file !== undefined && state.file.size > 0 && offset >= state.file.size);
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
      <Facts finding={finding} source={rule?.source} />
      {(length > 0 || atEnd) && (
        <section className={styles['evidence']} aria-label="Bytes of the finding">
          <header>
            <h3>The bytes</h3>
            <GuiltyName finding={finding} />
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
      )}
    </article>
  );
}

function GuiltyName({ finding: { offset, length } }: { readonly finding: ShownFinding }): React.ReactNode {
  return (
    <span className="mono ell">
      {hex0x(offset)} · {length > 0 ? counted(length, 'byte') : 'the end of the file'}
    </span>
  );
}

/** Where it is, and what was expected there. */
function Facts({
  finding,
  source,
}: {
  readonly finding: ShownFinding;
  readonly source: string | undefined;
}): React.ReactNode {
  const file = useFile();
  const { record, offset, length, expected, found, severity } = finding;
  // Bytes between records are no record's fault: the one before only says where they are.
  const before = record === null ? recordAt(file, offset) : -1;
  const row = useRow(record ?? (before < 0 ? undefined : before));
  const size = useFile().size;
  const image = useImage((all) => all);
  const part = record === null ? undefined : partName(image, finding, row?.vcpu ?? -1);
  return (
    <dl className={styles['facts']}>
      {record !== null && (
        <>
          <dt>Record</dt>
          <dd>
            <RecordLink record={record} /> {row?.name}
            {part !== undefined && `, ${part}`}
          </dd>
        </>
      )}
      {before >= 0 && (
        <>
          <dt>After</dt>
          <dd>
            <RecordLink record={before} /> {row?.name}
          </dd>
        </>
      )}
      <dt>At</dt>
      <dd>
        {offset < size ? (
          <OffsetLink offset={offset} length={Math.max(1, length)} />
        ) : (
          `${hex0x(offset)}, the end of the file`
        )}
        {length > 0 && ` · ${counted(length, 'byte')}`}
      </dd>
      {expected !== undefined && (
        <>
          <dt>Expected</dt>
          <dd className="mono">{expected}</dd>
        </>
      )}
      {found !== undefined && (
        <>
          <dt>Found</dt>
          <dd className={`mono ${severity === 'note' ? '' : styles['wrong']}`}>{found}</dd>
        </>
      )}
      {source !== undefined && (
        <>
          <dt>Tested in</dt>
          <dd className="mono">{source}</dd>
        </>
      )}
    </dl>
  );
}
