/**
 * A list of any length with one tab stop: rows exist only while they are in view, the keyboard moves the active one.
 */
import { useEffect, useId } from 'react';
import { clamp } from '../../lib/range';
import { itemOf } from './item-of';
import { useScaledScroll } from './use-scaled-scroll';
import styles from './virtual-rows.module.css';

const ROW_ROLE = { listbox: 'option', grid: 'row', tree: 'treeitem' } as const;

type RowAria = Pick<React.AriaAttributes, 'aria-level' | 'aria-expanded' | 'aria-label'>;

interface Props {
  /** What the list is for assistive technology. */
  readonly kind: keyof typeof ROW_ROLE;
  readonly label: string;
  readonly count: number;
  readonly rowPx: number;
  /** −1 for none. */
  readonly active: number;
  readonly onActive: (row: number) => void;
  /** Enter or a double click on a row; with `opensOnClick` a single one. */
  readonly onEnter?: (row: number) => void;
  readonly opensOnClick?: boolean;
  /** Keys that the list itself has no use for. */
  readonly onKey?: (event: React.KeyboardEvent, row: number) => void;
  readonly aria?: (row: number) => RowAria;
  readonly render: (row: number) => React.ReactNode;
}

/** Shows a list of any length with one tab stop, of which only the rows in view exist; rows are `rowPx` pixels high. */
export function VirtualRows(props: Props): React.ReactNode {
  const { kind, label, count, rowPx, active, onActive, onEnter, opensOnClick = false, onKey, aria, render } = props;
  const id = useId();
  const scroll = useScaledScroll(count, rowPx);
  const { ref, firstRow, shiftPx, rowsInView, heightPx, spacerPx, reveal } = scroll;

  useEffect(() => {
    if (active >= 0 && heightPx > 0) reveal(active);
  }, [active, reveal, heightPx]);

  const page = Math.max(1, Math.floor(heightPx / rowPx) - 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const to = steps[event.key];
    if (count === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (to !== undefined) onActive(clamp(to, 0, count - 1));
    else if (event.key === 'Enter' && active >= 0 && onEnter) onEnter(active);
    else {
      onKey?.(event, active);
      return;
    }
    event.preventDefault();
  };

  const rows = Array.from({ length: rowsInView }, (_, index) => firstRow + index);
  const inView = active >= firstRow && active < firstRow + rowsInView;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its role is that of a list, whichever `kind` names
    <div
      ref={ref}
      className={styles['scroller']}
      role={kind}
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const row = itemOf(event);
        if (row === undefined) return;
        onActive(row);
        if (opensOnClick) onEnter?.(row);
      }}
      onDoubleClick={(event) => {
        const row = itemOf(event);
        if (row !== undefined && !opensOnClick) onEnter?.(row);
      }}
      {...(kind === 'grid' ? { 'aria-rowcount': count } : {})}
      {...(inView ? { 'aria-activedescendant': `${id}${active}` } : {})}
    >
      <div className={styles['spacer']} style={{ height: spacerPx }} role="presentation">
        <div className={styles['view']} style={{ height: heightPx }} role="presentation">
          {rows.map((row) => (
            <div
              key={row}
              id={`${id}${row}`}
              data-item={row}
              className={styles['row']}
              style={{ top: (row - firstRow) * rowPx - shiftPx, height: rowPx }}
              role={ROW_ROLE[kind]}
              aria-selected={row === active}
              {...(kind === 'grid'
                ? { 'aria-rowindex': row + 1 }
                : { 'aria-setsize': count, 'aria-posinset': row + 1 })}
              {...(row === active ? { 'data-active': '' } : {})}
              {...aria?.(row)}
            >
              {render(row)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
