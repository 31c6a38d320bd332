/** What was sent to be verified, against what was sent before. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { counted, grouped, hex0x } from '../../../lib/text';
import { pageLook } from '../../../memory/map/page-types';
import { showPageView } from '../../../state/actions';
import { shareOf } from '../../../state/jobs/job';
import { verifiedOf } from '../../../state/jobs/verify';
import { Meter } from '../../shared/meter';
import { PageList } from './page-list';
import { useFile, useImage, useIsScanning } from '../../shared/use-file';
import styles from '../dock.module.css';

/** Read without being asked for, pages: 256 MiB. */
const AT_ONCE = 65_536;

/**
 * Shows which of the pages sent to be verified differ from their copies before. Few pages are compared at once, many
 * when that is asked for.
 */
export function Verify(): React.ReactNode {
  const file = useFile();
  const ended = !useIsScanning();
  const pages = useImage((image) =>
    image.passes.reduce((sum, pass) => (pass.kind === 'verify' ? sum + pass.pages : sum), 0),
  );
  const { verify } = file;
  const run = useStore(verify.store);
  const isIdle = run.state === 'idle';
  const start = (): void => void verify.start(undefined);
  useEffect(() => {
    if (isIdle && ended && pages <= AT_ONCE) void verify.start(undefined);
  }, [verify, isIdle, ended, pages]);
  if (isIdle) {
    return (
      <p className={styles['hint']}>
        <button type="button" className="btn" disabled={!ended} onClick={start}>
          Compare {counted(pages, 'page')} with the copies before
        </button>
      </p>
    );
  }
  const { mismatches = [], differ = 0, unread = 0, pages: compared = 0 } = verifiedOf(run) ?? {};
  return (
    <div className={styles['compare']}>
      <output className={styles['hint']}>
        {run.state === 'failed' && <span className={styles['failed']}>It stopped: {run.reason}. </span>}
        {differ === 0 ? 'No page differs' : `${counted(differ, 'page')} differ`} of {grouped(compared)} compared
        {unread > 0 && `; ${grouped(unread)} could not be read`}
        {differ > mismatches.length && `; the first ${grouped(mismatches.length)}`}{' '}
        {run.state === 'running' && (
          <>
            <Meter label="Compared" share={shareOf(run.reached)} />{' '}
            <button type="button" className="link" onClick={() => verify.cancel()}>
              Cancel
            </button>
          </>
        )}
        {run.state === 'cancelled' && (
          <button type="button" className="link" onClick={start}>
            Compare all
          </button>
        )}
      </output>
      {mismatches.length > 0 && (
        <div className={styles['rows']}>
          <PageList
            label="Pages that differ"
            pages={mismatches}
            onOpen={() => showPageView(file, 'compare')}
            title="Show the difference"
            className={styles['mismatch']}
          >
            {({ type, bytes, first, before }) => (
              <>
                <span className="ell">{pageLook(type).name}</span>
                <span className="mono">{counted(bytes, 'byte')}</span>
                <span className="ell">
                  from +{hex0x(first)} on{before === undefined ? ', never sent before' : ''}
                </span>
              </>
            )}
          </PageList>
        </div>
      )}
    </div>
  );
}
