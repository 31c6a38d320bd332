/** A cell of the map as the legend shows it. */
import type { Shape } from '../../../memory/map/page-types';
import styles from '../page/aside.module.css';

const SHAPES: Readonly<Record<Shape, string | undefined>> = {
  fill: styles['fill'],
  pinned: styles['pinned'],
  outline: styles['outline'],
  hatch: styles['hatch'],
  cross: styles['cross'],
};

interface Props {
  readonly colour: string;
  readonly shape?: Shape;
}

/** Shows one cell of the map in its colour and shape; `colour` is the name of a CSS property. */
export function Swatch({ colour, shape = 'fill' }: Props): React.ReactNode {
  const ink = { '--ink': `var(${colour})` };
  return <span className={`${styles['swatch']} ${SHAPES[shape]}`} style={ink} aria-hidden />;
}
