/** A cell of the map as the legend shows it. */
import type { Shape } from '../../../memory/map/page-types';
import styles from '../page/aside.module.css';

interface Props {
  readonly colour: string;
  readonly shape?: Shape;
}

export function Swatch({ colour, shape = 'fill' }: Props): React.ReactNode {
  const ink = { '--ink': `var(${colour})` } as React.CSSProperties;
  return <span className={`${styles['swatch']} ${styles[shape]}`} style={ink} aria-hidden />;
}
