/** One finding: what it says, where, what was expected there, and the bytes. */
import { counted, hex0x } from '../../lib/text';
import type { Finding } from '../../scan/finding';
import { goToOffset, recordAt } from '../../state/actions';
import { useApp } from '../../state/store';
import { focusBytes } from '../shared/focus-bytes';
import { useRow } from '../shared/use-decoded';
import { OffsetLink, RecordLink } from '../shared/links';
import { SeverityIcon } from '../shared/severity-icon';
import { HexLines } from './hex-lines';
import { WORDS } from './summary';
import styles from './findings.module.css';

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function FindingDetail({ finding }: { readonly finding: Finding }): React.ReactNode {
  const { id, severity, layer, record, offset, length, message, expected, found } = finding;
  // Bytes between records are no record's fault: the one before only says where they are.
  const before = record === null ? recordAt(offset) : -1;
  const row = useRow(record ?? (before < 0 ? undefined : before));
  const size = useApp((state) => state.file?.size ?? 0);
  return (
    <article className={styles['detail']} aria-label="Finding">
      <header className={styles['meta']}>
        <span className={`sev-${severity} ${styles['chip']}`}>
          <SeverityIcon severity={severity} size={12} />
          {WORDS[severity]}
        </span>
        <span>{layer === 'file' ? 'file' : `${layer} layer`}</span>
        <code className="cap mono">{id}</code>
      </header>
      <h2>{sentence(message)}</h2>
      <dl className={styles['facts']}>
        {record !== null && (
          <>
            <dt>Record</dt>
            <dd>
              <RecordLink record={record} /> {row?.name}
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
      </dl>
      {length > 0 && (
        <section className={styles['evidence']} aria-label="Bytes of the finding">
          <header>
            <h3>The bytes</h3>
            <span className="mono ell">
              {hex0x(offset)} · {counted(length, 'byte')}
            </span>
            <button
              type="button"
              className="btn primary"
              onClick={() => {
                goToOffset(offset, Math.max(1, length));
                focusBytes();
              }}
            >
              Show the bytes
            </button>
          </header>
          <HexLines range={{ start: offset, end: offset + length }} grave={severity === 'fatal'} />
        </section>
      )}
    </article>
  );
}
