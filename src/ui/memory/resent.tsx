/** The pages that were sent most often. */
import { useState } from 'react';
import { counted, grouped, hex0x } from '../../lib/text';
import { selectPfn } from '../../state/actions';
import { VirtualRows } from '../shared/virtual-rows';
import { useTotals } from './use-pages';
import styles from './dock.module.css';

const ROW_PX = 24;

export function Resent(): React.ReactNode {
  const totals = useTotals();
  const [active, setActive] = useState(-1);
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
        <VirtualRows
          role="listbox"
          label="Pages sent most often"
          count={resent.length}
          rowPx={ROW_PX}
          active={active}
          onActive={setActive}
          opensOnClick
          onEnter={(row) => {
            const page = resent[row];
            if (page) selectPfn(page.pfn);
          }}
          render={(row) => {
            const { pfn = 0, sends = 0 } = resent[row] ?? {};
            return (
              <div className={styles['resent']}>
                <span className={`mono ${styles['to']}`}>PFN {hex0x(pfn)}</span>
                <span className="mono">×{grouped(sends)}</span>
                <i style={{ width: `${(sends / most) * 100}%` }} />
              </div>
            );
          }}
        />
      </div>
    </div>
  );
}
