/** An export that runs, and how it ended. */
import { Check, CircleSlash, TriangleAlert } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { cancelExport, exportAnother, type ExportRun } from '../../state/export';
import { useApp } from '../../state/store';
import styles from './export.module.css';

export function Running({ run }: { readonly run: ExportRun & { state: 'running' } }): React.ReactNode {
  const { name, done, total } = run;
  const share = total > 0 ? done / total : 0;
  return (
    <div className={styles['run']}>
      <p>
        Writing <b className="mono">{name}</b>
      </p>
      <div
        className={styles['bar']}
        role="progressbar"
        aria-label="Export"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <footer className={styles['foot']}>
        <p className="mono">{total > 0 ? `${byteSize(done)} of ${byteSize(total)}` : 'Looking what there is…'}</p>
        <button type="button" className="btn" onClick={cancelExport}>
          Cancel
        </button>
      </footer>
    </div>
  );
}

type Ended = Exclude<ExportRun, { state: 'idle' | 'running' }>;

export function Outcome({ run }: { readonly run: Ended }): React.ReactNode {
  return (
    <div className={styles['run']}>
      <p className={styles['outcome']} role="status">
        {run.state === 'done' && (
          <>
            <Check size={16} className={styles['ok']} aria-hidden />
            <span>
              <b className="mono">{run.name}</b> {run.done.download ? 'goes to your downloads' : 'is written'}:{' '}
              {byteSize(run.done.size)}
            </span>
          </>
        )}
        {run.state === 'cancelled' && (
          <>
            <CircleSlash size={16} aria-hidden />
            Cancelled: nothing was kept.
          </>
        )}
        {run.state === 'failed' && (
          <>
            <TriangleAlert size={16} className={styles['bad']} aria-hidden />
            <span>Not exported, nothing was kept: {run.reason}</span>
          </>
        )}
      </p>
      {run.state === 'done' && run.done.notes.length > 0 && (
        <ul className={styles['notes']}>
          {run.done.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <footer className={styles['foot']}>
        <button type="button" className="btn" onClick={exportAnother}>
          {run.state === 'done' ? 'Export more' : 'Back'}
        </button>
        <button type="button" className="btn primary" onClick={() => useApp.setState({ dialog: undefined })}>
          Close
        </button>
      </footer>
    </div>
  );
}
