/**
 * The frame of a hex view: heading, scrolled canvas, and for those who do not see it one grid with the current byte as
 * its cell. The whole is one tab stop.
 */
import { GridCell, GridRow } from '../grid-cell';
import type { ScaledScroll } from '../use-scaled-scroll';
import { BYTES_PER_ROW } from './hex-layout';
import styles from './hex-grid.module.css';

interface Props {
  readonly id: string;
  /** Id of the current byte. */
  readonly cellId: string;
  readonly label: string;
  readonly rows: number;
  /** Of the current byte, from 0 on. */
  readonly row: number;
  readonly column: number;
  readonly selected: boolean;
  readonly busy?: boolean;
  readonly head: React.Ref<HTMLCanvasElement>;
  readonly canvas: React.Ref<HTMLCanvasElement>;
  readonly scroll: ScaledScroll;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
  readonly onFocused: (focused: boolean) => void;
  readonly pointer: Pick<React.DOMAttributes<HTMLCanvasElement>, 'onPointerDown' | 'onPointerMove' | 'onPointerLeave'>;
  /** What is said of the current byte. */
  readonly children: string;
}

export function HexGrid(props: Props): React.ReactNode {
  const { id, cellId, label, rows, row, column, selected, busy, head, canvas, scroll, children } = props;
  return (
    <div className={styles['hex']}>
      <canvas ref={head} className={styles['head']} aria-hidden />
      <div
        id={id}
        className={styles['scroll']}
        ref={scroll.ref}
        role="grid"
        aria-label={label}
        aria-rowcount={rows}
        aria-colcount={BYTES_PER_ROW}
        aria-activedescendant={cellId}
        aria-busy={busy}
        tabIndex={0}
        onKeyDown={props.onKeyDown}
        onFocus={() => props.onFocused(true)}
        onBlur={() => props.onFocused(false)}
      >
        <div style={{ height: scroll.spacerPx }} role="presentation">
          <canvas
            ref={canvas}
            className={styles['canvas']}
            style={{ width: scroll.widthPx, height: scroll.heightPx }}
            aria-hidden
            {...props.pointer}
          />
          <GridRow aria-rowindex={row + 1} className="sr">
            <GridCell id={cellId} aria-colindex={column + 1} aria-selected={selected}>
              {children}
            </GridCell>
          </GridRow>
        </div>
      </div>
    </div>
  );
}
