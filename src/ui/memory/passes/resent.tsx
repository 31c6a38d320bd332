/** The pages that were sent most often. */
import { counted, grouped } from '../../../lib/text';
import { PageList } from './page-list';
import { useTotals } from '../use-pages';
import styles from '../dock.module.css';

/** Shows the pages that were sent more than once, those sent most often first. */
export function Resent(): React.ReactNode {
  const totals = useTotals();
  if (totals.state !== 'ready')
    return <p className={styles['hint']}>{totals.state === 'failed' ? totals.reason : '…'}</p>;
  const { resent, resentPfns } = totals.value;
  if (resent.length === 0) return <p className={styles['hint']}>No page was sent more than once.</p>;
  const most = resent[0]?.sends ?? 1;
  return (
    <div className={styles['compare']}>
      <p className={styles['hint']}>
        {counted(resentPfns, 'page')} sent more than once
        {resentPfns > resent.length && `; the ${grouped(resent.length)} sent most`}
      </p>
      <div className={styles['rows']}>
        <PageList label="Pages sent most often" pages={resent} className={styles['resent']}>
          {({ sends }) => (
            <>
              <span className="mono">×{grouped(sends)}</span>
              <i style={{ width: `${(sends / most) * 100}%` }} />
            </>
          )}
        </PageList>
      </div>
    </div>
  );
}
