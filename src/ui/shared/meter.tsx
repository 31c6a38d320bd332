/** A bar that fills up. As wide as the property `--meter` says where it stands. */
import styles from './meter.module.css';

interface Props {
  /** What goes on. */
  readonly label: string;
  /** How much is done, from 0 to 1. */
  readonly share: number;
}

/** Shows how much of some work is done. */
export const Meter = ({ label, share }: Props): React.ReactNode => (
  <progress className={styles['meter']} aria-label={label} max={1} value={share} />
);
