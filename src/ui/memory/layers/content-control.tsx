/** Starts, shows and cancels the pass over all contents. */
import { PAGE_SIZE } from '../../../format/page';
import { ScanSearch, X } from 'lucide-react';
import { byteSize, grouped } from '../../../lib/text';
import { cancelContent, secondsLeft, startContent, useContent } from './content-job';
import { useTotals } from '../use-pages';
import styles from '../page/aside.module.css';

/** `12 s`, `3 min`. */
const spell = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

export function ContentControl(): React.ReactNode {
  const state = useContent((content) => content);
  const totals = useTotals();
  const bytes = totals.state === 'ready' ? totals.value.sentPfns * PAGE_SIZE : 0;
  const { job, done, total, part, reason } = state;
  if (job === 'running') {
    const left = secondsLeft(state);
    return (
      <div className={styles['job']}>
        <progress value={done} max={Math.max(1, total)} aria-label="Pages looked at" />
        <span>
          {grouped(done)} of {total > 0 ? grouped(total) : '…'} pages{left === undefined ? '' : `, ${spell(left)} left`}
        </span>
        <button type="button" className="btn" onClick={cancelContent}>
          <X size={14} aria-hidden /> Cancel
        </button>
      </div>
    );
  }
  return (
    <div className={styles['job']}>
      {job === 'done' ? (
        <span>
          All pages have been looked at
          {part && part.failed > 0 ? `; ${grouped(part.failed)} could not be read` : ''}
          {part?.full === true ? ', as far as there is room to remember them (1 TiB)' : ''}
          {part?.twinsFull === true ? '; copies are known among the first 12.6 million different pages only' : ''}.
        </span>
      ) : (
        <>
          {job === 'failed' && <span className={styles['failed']}>It stopped: {reason}</span>}
          <button type="button" className="btn" disabled={bytes === 0} onClick={startContent}>
            <ScanSearch size={14} aria-hidden />
            {job === 'idle' ? `Read all pages (${byteSize(bytes)})` : 'Go on'}
          </button>
        </>
      )}
    </div>
  );
}
