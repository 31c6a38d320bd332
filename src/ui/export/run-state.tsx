/** An export that runs, and how it ended. */
import { Check, CircleSlash, TriangleAlert } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { app } from '../../state/app';
import type { ExportState } from '../../state/jobs/export';
import { shareOf } from '../../state/jobs/job';
import { useFile } from '../shared/use-file';
import { Meter } from '../shared/meter';
import styles from './export.module.css';

/** Shows an export that runs: its name, how much is written, and a button that cancels it. */
export function Running({ run }: { readonly run: ExportState }): React.ReactNode {
  const file = useFile();
  const { known: name, reached } = run;
  const { done, total } = reached;
  const share = shareOf(reached);
  return (
    <div className={styles['run']}>
      <p>
        Writing <b className="mono">{name}</b>
      </p>
      <div className={styles['bar']}>
        <Meter label="Export" share={share} />
      </div>
      <footer className={styles['foot']}>
        <p className="mono">{total > 0 ? `${byteSize(done)} of ${byteSize(total)}` : 'Calculating the size…'}</p>
        <button type="button" className="btn" onClick={() => file.export.cancel()}>
          Cancel
        </button>
      </footer>
    </div>
  );
}

/** Shows how an export ended: its size and notes, that it was cancelled, or why it failed. */
export function Outcome({ run }: { readonly run: ExportState }): React.ReactNode {
  const file = useFile();
  return (
    <div className={styles['run']}>
      <output className={styles['outcome']}>
        {run.state === 'done' && (
          <>
            <Check size={16} className={styles['ok']} aria-hidden />
            <span>
              <b className="mono">{run.out.name}</b>
              {run.out.download
                ? ` (${byteSize(run.out.size)}) is handed to the browser: its downloads say when it is complete, or that it failed.`
                : ` is written: ${byteSize(run.out.size)}`}
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
      </output>
      {run.state === 'done' && run.out.notes.length > 0 && (
        <ul className={styles['notes']}>
          {run.out.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <footer className={styles['foot']}>
        <button type="button" className="btn" onClick={() => file.export.reset()}>
          {run.state === 'done' ? 'Export more' : 'Back'}
        </button>
        <button type="button" className="btn primary" onClick={() => app.setState({ dialog: undefined })}>
          Close
        </button>
      </footer>
    </div>
  );
}
