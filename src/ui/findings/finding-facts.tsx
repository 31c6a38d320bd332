/** The facts of a finding: its record and place, what was expected there, and what tests it. */
import { partName } from '../../check/kit/part-name';
import { counted, hex0x } from '../../lib/text';
import { recordAt } from '../../state/actions';
import type { ShownFinding } from '../../state/findings';
import { OffsetLink, RecordLink } from '../shared/links';
import { useRow } from '../shared/use-decoded';
import { useFile, useImage } from '../shared/use-file';
import styles from './findings.module.css';

interface Props {
  readonly finding: ShownFinding;
  /** The function of Xen that tests it, with its file. */
  readonly source: string | undefined;
}

/** Shows where a finding is, and what was expected there. */
export function FindingFacts({ finding, source }: Props): React.ReactNode {
  const file = useFile();
  const { record, offset, length, expected, found, severity } = finding;
  // Bytes between records are no record's fault: the one before only says where they are.
  const before = record === undefined ? recordAt(file, offset) : -1;
  const row = useRow(record ?? (before < 0 ? undefined : before));
  const size = useFile().size;
  const image = useImage((all) => all);
  const part = record === undefined ? undefined : partName(image, finding, row?.vcpu ?? -1);
  return (
    <dl className={styles['facts']}>
      {record !== undefined && (
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
