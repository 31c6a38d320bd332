/** A panel whose code is on its way: calm bars in its place, so that nothing flashes or jumps. */
import styles from './loading-panel.module.css';

const WIDTHS = ['38%', '62%', '54%', '70%', '46%'];

/** Shows after a moment only: what is there at once needs no word. */
export const LoadingPanel = (): React.ReactNode => (
  <output className={styles['panel']}>
    <span className="sr">Loading …</span>
    {WIDTHS.map((width) => (
      <i key={width} style={{ width }} />
    ))}
  </output>
);
