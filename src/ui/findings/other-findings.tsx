/** All findings in a line each, in the order in which a restore comes upon them. */
import { useState } from 'react';
import { partName } from '../../check/kit/part-name';
import { counted, grouped } from '../../lib/text';
import type { ShownFinding } from '../../state/findings';
import { SeverityIcon } from '../shared/severity-icon';
import { VirtualRows } from '../shared/virtual-rows';
import { chooseFinding } from '../../state/actions';
import { showFindingBytes } from '../../state/chosen-finding';
import { WORDS } from './words';
import { useFile, useImage } from '../shared/use-file';
import styles from './findings.module.css';

const ROW_PX = 24;
/** Rows in view; more are scrolled to. */
const ROWS = 8;

interface Props {
  readonly findings: readonly ShownFinding[];
  readonly open: number;
  readonly suppressed: number;
}

/** Shows all findings in a line each, and how many more were counted but not kept. */
export function OtherFindings({ findings, open, suppressed }: Props): React.ReactNode {
  const file = useFile();
  const [active, setActive] = useState(open);
  const at = active === open || active >= findings.length ? open : active;
  return (
    <section className={styles['others']} aria-label="All findings">
      <h3>{counted(findings.length, 'finding')}</h3>
      <div style={{ height: Math.min(ROWS, findings.length) * ROW_PX }}>
        <VirtualRows
          kind="listbox"
          label="All findings"
          count={findings.length}
          rowPx={ROW_PX}
          active={at}
          onActive={(row) => {
            setActive(row);
            chooseFinding(file, row);
          }}
          onEnter={(row) => {
            const finding = findings[row];
            if (finding) showFindingBytes(file, finding);
          }}
          render={(row) => {
            const finding = findings[row];
            return finding && <Line finding={finding} />;
          }}
        />
      </div>
      {suppressed > 0 && <p>And {grouped(suppressed)} more, which are counted but not kept.</p>}
    </section>
  );
}

function Line({ finding }: { readonly finding: ShownFinding }): React.ReactNode {
  const file = useFile();
  const { severity, certainty, counts, message, record, reached } = finding;
  const image = useImage((all) => all);
  const part = record === undefined ? undefined : partName(image, finding, file.records.row(record)?.vcpu ?? -1);
  const word = certainty === 'target' && counts !== true ? 'Host' : WORDS[severity];
  return (
    <div className={styles['other']} data-unreached={reached === false || undefined}>
      <span className={`sev-${severity} ${styles['chip']}`}>
        <SeverityIcon severity={severity} size={12} />
        {word}
      </span>
      <span className="ell">{message}</span>
      {record !== undefined && (
        <span className="mono">
          {part !== undefined && <small>{part}</small>} #{record}
        </span>
      )}
    </div>
  );
}
