/** Search of memory, records or the file, docked below the views, so that hits can be looked at one after the other. */
import { HitList } from './hit-list';
import { Progress } from './progress';
import { QueryBar } from './query-bar';
import styles from './search.module.css';

/** Shows the search below the views: what is looked for, how far that is, and the hits. */
export function SearchPanel(): React.ReactNode {
  return (
    <section className={styles['panel']} aria-label="Search">
      <QueryBar />
      <Progress />
      <HitList />
    </section>
  );
}
