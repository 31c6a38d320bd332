/** The left pane: filter, list of every record, legend of the colours. */
import { useApp } from '../../state/store';
import { FilterBox } from './filter-box';
import { TimelineList } from './timeline-list';
import styles from './timeline.module.css';
import { useFilter } from './use-filter';

const LEGEND = ['header', 'info', 'policy', 'pages', 'cpu', 'device', 'control'] as const;

export function TimelinePane(): React.ReactNode {
  const phase = useApp((state) => state.phase);
  const filter = useFilter();
  const empty = phase === 'empty' || phase === 'refused';
  return (
    <section className={styles['pane']} aria-label="Records">
      {empty ? (
        <div className={styles['filter']}>Every record, in the order Xen reads it</div>
      ) : (
        <FilterBox active={filter} />
      )}
      <div className={`${styles['columns']} cap`} aria-hidden>
        <span>#</span>
        <span>Record</span>
        <span>Offset</span>
        <span>Bytes</span>
      </div>
      {empty ? <Ghost /> : <TimelineList filter={filter} />}
      {!empty && (
        <ul className={styles['legend']} aria-label="Colours">
          {LEGEND.map((group) => (
            <li key={group} className={`c-${group}`}>
              <span className="k" />
              {group === 'cpu' ? 'CPU' : group}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const GHOST_ROWS = [88, 124, 118, 146, 102, 116, 128, 112, 120, 136, 134, 84, 100, 116, 106, 92, 120, 108, 86, 112, 94];

/** The shape of the list while there is none. */
function Ghost(): React.ReactNode {
  return (
    <div className={styles['ghost']} aria-hidden>
      {GHOST_ROWS.map((width, index) => (
        <div key={`${index}-${width}`}>
          <i style={{ width: 16 }} />
          <i style={{ width, marginLeft: Math.min(index, 6) * 7 }} />
          <i style={{ width: 48 }} />
          <i style={{ width: 32 }} />
        </div>
      ))}
    </div>
  );
}
