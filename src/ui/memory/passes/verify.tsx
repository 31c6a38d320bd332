/** What was sent to be verified, against what was sent before. */
import { reasonOf } from '../../../lib/reason';
import { useEffect } from 'react';
import { create } from 'zustand';
import { counted, grouped, hex0x } from '../../../lib/text';
import type { Verified } from '../../../memory/compare/verify';
import { pageLook } from '../../../memory/map/page-types';
import { showPageView } from '../../../state/actions';
import { fileData, type FileData, startJob } from '../../../state/session';
import { useApp } from '../../../state/store';
import { PageList } from './page-list';
import styles from '../dock.module.css';

interface State {
  readonly data: FileData | undefined;
  readonly job: 'running' | 'done' | 'cancelled' | 'failed';
  readonly share: number;
  readonly known: Verified | undefined;
  readonly reason: string;
}

const store = create<State>(() => ({ data: undefined, job: 'done', share: 0, known: undefined, reason: '' }));
let abort: AbortController | undefined;

function start(): void {
  abort?.abort();
  const own = new AbortController();
  abort = own;
  const data = fileData();
  store.setState({ data, job: 'running', share: 0, known: undefined });
  const put = (change: Partial<State>): void => {
    if (abort === own && fileData() === data) store.setState(change);
  };
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void =>
    put({ share: done / Math.max(1, total) });
  startJob('verify', {}, { signal: own.signal, onProgress, onPart: (known) => put({ known }) }).then(
    (known) => put({ job: 'done', known }),
    (error: unknown) => (own.signal.aborted ? undefined : put({ job: 'failed', reason: reasonOf(error) })),
  );
}

function cancel(): void {
  abort?.abort();
  store.setState({ job: 'cancelled' });
}

/** Read without being asked for, pages: 256 MiB. */
const AT_ONCE = 65_536;

export function Verify(): React.ReactNode {
  const ended = useApp((state) => state.phase !== 'scanning');
  const pages = useApp((state) =>
    state.image.passes.reduce((sum, pass) => (pass.kind === 'verify' ? sum + pass.pages : sum), 0),
  );
  const state = store();
  const mine = state.data === fileData();
  useEffect(() => {
    if (!mine && ended && pages <= AT_ONCE) start();
  }, [mine, ended, pages]);
  if (!mine) {
    return (
      <p className={styles['hint']}>
        <button type="button" className="btn" disabled={!ended} onClick={start}>
          Compare {counted(pages, 'page')} with the copies before
        </button>
      </p>
    );
  }
  const { job, known, reason, share } = state;
  const { mismatches = [], differ = 0, unread = 0, pages: compared = 0 } = known ?? {};
  return (
    <div className={styles['compare']}>
      <p className={styles['hint']} role="status">
        {job === 'failed' && <span className={styles['failed']}>It stopped: {reason}. </span>}
        {differ === 0 ? 'No page differs' : `${counted(differ, 'page')} differ`} of {grouped(compared)} compared
        {unread > 0 && `; ${grouped(unread)} could not be read`}
        {differ > mismatches.length && `; the first ${grouped(mismatches.length)}`}{' '}
        {job === 'running' && (
          <>
            <progress value={share} aria-label="Compared" />{' '}
            <button type="button" className="link" onClick={cancel}>
              Cancel
            </button>
          </>
        )}
        {job === 'cancelled' && (
          <button type="button" className="link" onClick={start}>
            Compare all
          </button>
        )}
      </p>
      {mismatches.length > 0 && (
        <div className={styles['rows']}>
          <PageList
            label="Pages that differ"
            pages={mismatches}
            onOpen={() => showPageView('compare')}
            title="Show the difference"
            className={styles['mismatch']}
          >
            {({ type, bytes, first, before }) => (
              <>
                <span className="ell">{pageLook(type).name}</span>
                <span className="mono">{counted(bytes, 'byte')}</span>
                <span className="ell">
                  from +{hex0x(first)} on{before < 0 ? ', never sent before' : ''}
                </span>
              </>
            )}
          </PageList>
        </div>
      )}
    </div>
  );
}
