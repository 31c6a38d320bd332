/** The left pane: filter, list of every record, legend of the colours. */
import { FilterBox } from './filter-box';
import { TimelineList } from './timeline-list';
import type { OpenFile } from '../../state/open-file';
import { usePhase } from '../shared/use-file';
import styles from './timeline.module.css';
import { useFilter } from './use-filter';

const LEGEND = ['header', 'info', 'policy', 'pages', 'cpu', 'device', 'control'] as const;

/** Shows the list of the records, with its filter. `file`: the one that is shown; undefined where none is open. */
export function TimelinePane({ file }: { readonly file: OpenFile | undefined }): React.ReactNode {
  return (
    <section className={styles['pane']} aria-label="Records">
      {file ? <OfFile /> : <Nothing />}
    </section>
  );
}

function OfFile(): React.ReactNode {
  return usePhase() === 'refused' ? <Nothing /> : <Filled />;
}

function Filled(): React.ReactNode {
  const filter = useFilter();
  return (
    <>
      <FilterBox active={filter} />
      <Columns />
      <TimelineList filter={filter} />
      <ul className={styles['legend']} aria-label="Colours">
        {LEGEND.map((group) => (
          <li key={group} className={`c-${group}`}>
            <span className="k" />
            {group === 'cpu' ? 'CPU' : group}
          </li>
        ))}
      </ul>
    </>
  );
}

const Columns = (): React.ReactNode => (
  <div className={`${styles['columns']} cap`} aria-hidden>
    <span>#</span>
    <span>Record</span>
    <span>Offset</span>
    <span>Bytes</span>
  </div>
);

/** The pane while there are no records to show. */
const Nothing = (): React.ReactNode => (
  <>
    <div className={styles['filter']}>Every record, in the order Xen reads it</div>
    <Columns />
    <Ghost />
  </>
);

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
