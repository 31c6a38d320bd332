/** The mark of a row that findings are about. */
import type { Severity } from '../../scan/finding';
import type { ShownFinding } from '../../state/findings';
import { SeverityIcon } from '../shared/severity-icon';
import { useFindings } from '../shared/use-file';
import styles from './timeline.module.css';

const COLOURS: Readonly<Record<Severity, string | undefined>> = {
  fatal: styles['fatal'],
  warning: styles['warning'],
  note: undefined,
};

/** Shows the severity of a row that findings are about; nothing where that is undefined. */
export function Mark({ severity }: { readonly severity: Severity | undefined }): React.ReactNode {
  return (
    severity && (
      <span className={`${styles['severity']} ${COLOURS[severity] ?? ''}`}>
        <SeverityIcon severity={severity} />
        <span className="sr">{severity}</span>
      </span>
    )
  );
}

/** Tells whether a finding lies in a span of the file. A point counts as one byte, so that it lies in one place only. */
export const liesWithin = ({ offset, length }: ShownFinding, start: number, end: number): boolean =>
  offset >= start && offset + Math.max(1, length) <= end;

/** Notes do not mark a row: nothing is wrong with it. */
export function useWorst(concerns: (finding: ShownFinding) => boolean): Severity | undefined {
  return useFindings((findings) => {
    let worst: Severity | undefined;
    for (const finding of findings) {
      if (finding.severity === 'note' || !concerns(finding)) continue;
      if (finding.severity === 'fatal') return 'fatal';
      worst = finding.severity;
    }
    return worst;
  });
}
