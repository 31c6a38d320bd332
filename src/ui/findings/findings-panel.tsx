/** What is damaged, or not as the specification has it: the list, and one finding with its bytes. */
import { ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import { useMemo, useState } from 'react';
import { counted, grouped, hex } from '../../lib/text';
import type { Finding } from '../../scan/finding';
import { goToOffset } from '../../state/actions';
import { useApp } from '../../state/store';
import { focusBytes } from '../shared/focus-bytes';
import { SeverityIcon } from '../shared/severity-icon';
import { VirtualRows } from '../shared/virtual-rows';
import { FindingDetail } from './finding-detail';
import { bySeverity, summarise, WORDS } from './summary';
import styles from './findings.module.css';

const ROW_PX = 56;

export function FindingsPanel(): React.ReactNode {
  const findings = useApp((state) => state.findings);
  const sorted = useMemo(() => bySeverity(findings), [findings]);
  // By identity: as the scan goes on, graver findings come in above.
  const [chosen, setChosen] = useState<Finding>();
  const active = Math.max(0, chosen ? sorted.indexOf(chosen) : 0);
  const open = sorted[active];
  if (!open) return <Nothing />;
  return (
    <div className={styles['panel']}>
      <section className={styles['side']} aria-label="Findings">
        <Head />
        <List findings={sorted} active={active} onActive={(row) => setChosen(sorted[row])} />
      </section>
      <FindingDetail finding={open} />
    </div>
  );
}

function useSummary(): ReturnType<typeof summarise> {
  const findings = useApp((state) => state.findings);
  const suppressed = useApp((state) => state.suppressed);
  const phase = useApp((state) => state.phase);
  const complete = useApp((state) => state.image.complete);
  const position = useApp((state) => state.progress.position);
  return summarise({ findings, suppressed, phase, complete, position });
}

function Head(): React.ReactNode {
  const { headline, sentence } = useSummary();
  return (
    <header className={styles['head']}>
      <h1>{headline}</h1>
      <p>{sentence}</p>
    </header>
  );
}

interface ListProps {
  readonly findings: readonly Finding[];
  readonly active: number;
  readonly onActive: (row: number) => void;
}

function List({ findings, active, onActive }: ListProps): React.ReactNode {
  const suppressed = useApp((state) => state.suppressed);
  return (
    <>
      <div className={styles['list']}>
        <VirtualRows
          role="listbox"
          label="Findings"
          count={findings.length}
          rowPx={ROW_PX}
          active={active}
          onActive={onActive}
          onEnter={(row) => {
            const finding = findings[row];
            if (!finding) return;
            goToOffset(finding.offset, Math.max(1, finding.length));
            focusBytes();
          }}
          render={(row) => {
            const finding = findings[row];
            return finding && <Row finding={finding} />;
          }}
        />
      </div>
      {suppressed > 0 && (
        <p className={styles['more']}>And {grouped(suppressed)} more, which are counted but not kept.</p>
      )}
    </>
  );
}

function Row({ finding }: { readonly finding: Finding }): React.ReactNode {
  const { severity, layer, record, offset, message } = finding;
  return (
    <div className={styles['row']} data-severity={severity}>
      <SeverityIcon severity={severity} size={16} />
      <p className={styles['message']}>{message}</p>
      <p className={styles['where']}>
        {WORDS[severity]} · {layer}
        <span className="mono">
          {record !== null && `#${record} · `}
          {hex(offset)}
        </span>
      </p>
    </div>
  );
}

function Nothing(): React.ReactNode {
  const phase = useApp((state) => state.phase);
  const records = useApp((state) => state.progress.records);
  const mentions = useApp((state) => state.progress.mentions);
  const { headline, sentence } = useSummary();
  const Icon = phase === 'cancelled' || phase === 'crashed' ? ShieldQuestionMark : ShieldCheck;
  return (
    <div className={styles['nothing']}>
      <Icon size={40} strokeWidth={1.25} aria-hidden data-done={phase === 'done'} />
      <h1>{headline}</h1>
      <p>{sentence}</p>
      <p className={styles['looked']}>
        {counted(records, 'record')} and {counted(mentions, 'page entry', 'page entries')} looked at: headers, lengths,
        padding, reserved fields, order, and the lists of pages.
      </p>
    </div>
  );
}
