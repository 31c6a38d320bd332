/** Starts, shows and cancels the pass over all contents. */
import { PAGE_SIZE } from '../../../format/page';
import { ScanSearch, X } from 'lucide-react';
import { byteSize, counted, grouped } from '../../../lib/text';
import { contentOf } from '../../../state/jobs/content';
import { secondsLeft } from '../../../state/jobs/job';
import { useContent, useFile } from '../../shared/use-file';
import { Meter } from '../../shared/meter';
import { useTotals } from '../use-pages';
import styles from '../page/aside.module.css';

/** `12 s`, `3 min`. */
const spell = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** Shows how far the contents of all pages have been looked at, with a button that starts or cancels it. */
export function ContentControl(): React.ReactNode {
  const { content: job } = useFile();
  const run = useContent((all) => all);
  const totals = useTotals();
  const bytes = totals.state === 'ready' ? totals.value.sentPfns * PAGE_SIZE : 0;
  const part = contentOf(run);
  if (run.state === 'running') {
    const { done, total } = run.reached;
    const left = secondsLeft(run.reached);
    return (
      <div className={styles['job']}>
        <Meter label="Pages looked at" share={done / Math.max(1, total)} />
        <span>
          {grouped(done)} of {total > 0 ? grouped(total) : '…'} pages{left === undefined ? '' : `, ${spell(left)} left`}
        </span>
        <button type="button" className="btn" onClick={() => job.cancel()}>
          <X size={14} aria-hidden /> Cancel
        </button>
      </div>
    );
  }
  return (
    <div className={styles['job']}>
      {run.state === 'done' ? (
        <span>
          {part && part.failed > 0
            ? `${grouped(part.read - part.failed)} of ${counted(part.read, 'page')} have been looked at; ${grouped(part.failed)} could not be read`
            : 'All pages have been looked at'}
          {part?.full === true ? ', as far as there is room to remember them (1 TiB)' : ''}
          {part?.twinsFull === true ? '; copies are known among the first 12.6 million different pages only' : ''}.
        </span>
      ) : (
        <>
          {totals.state === 'failed' && (
            <span className={styles['failed']}>The pages could not be counted: {totals.reason}</span>
          )}
          {run.state === 'failed' && <span className={styles['failed']}>It stopped: {run.reason}</span>}
          <button type="button" className="btn" disabled={bytes === 0} onClick={() => void job.start(undefined)}>
            <ScanSearch size={14} aria-hidden />
            {run.state === 'idle' ? `Read all pages (${byteSize(bytes)})` : 'Go on'}
          </button>
        </>
      )}
    </div>
  );
}
