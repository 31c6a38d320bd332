/** Plain text with line numbers; what was searched for is marked and stepped through. */
import { useEffect, useMemo, useState } from 'react';
import { monoFont } from '../shared/canvas';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { rowOf, rowSpan, type TextRows, textRows } from './text-rows';
import styles from './config.module.css';

const ROW_PX = 20;
const GUTTER_PX = 72;

/** Width of a character of the data font. */
function charWidth(): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return 8;
  context.font = `12px ${monoFont()}`;
  return context.measureText('0'.repeat(100)).width / 100 || 8;
}

interface Props {
  readonly text: string;
  readonly label: string;
  readonly wantedLength: number;
  /** Positions of what was searched for. */
  readonly hits: readonly number[];
  /** The one that is looked at; −1 for none. */
  readonly hit: number;
}

/**
 * Shows plain text with line numbers, lines broken to the width of the view; hits are marked, and the current one is
 * scrolled to.
 */
export function TextView({ text, label, wantedLength, hits, hit }: Props): React.ReactNode {
  const [columns, setColumns] = useState(100);
  const rows = useMemo(() => textRows(text, columns), [text, columns]);
  const scroll = useScaledScroll(rows.starts.length, ROW_PX);
  const { ref, firstRow, rowsInView, shiftPx, spacerPx, heightPx, widthPx, reveal } = scroll;

  const fitting = widthPx > 0 ? Math.max(20, Math.floor((widthPx - GUTTER_PX - 12) / charWidth())) : columns;
  if (fitting !== columns) setColumns(fitting);
  const position = hits[hit];
  useEffect(() => {
    if (position !== undefined) reveal(rowOf(rows, position), 'center');
  }, [position, rows, reveal]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what is scrolled takes the focus, so that keys scroll it
    <section ref={ref} className={styles['text']} tabIndex={0} aria-label={label}>
      <div style={{ height: spacerPx }}>
        <div className={styles['view']} style={{ height: heightPx }}>
          {Array.from({ length: rowsInView }, (_, index) => firstRow + index).map((row) => (
            <div key={row} className={`mono ${styles['line']}`} style={{ top: (row - firstRow) * ROW_PX - shiftPx }}>
              <span className={styles['number']}>{rows.lines[row] || ''}</span>
              <span>
                <Row rows={rows} row={row} hits={hits} length={wantedLength} current={position} />
              </span>
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

interface RowProps {
  readonly rows: TextRows;
  readonly row: number;
  readonly hits: readonly number[];
  readonly length: number;
  readonly current: number | undefined;
}

function Row({ rows, row, hits, length, current }: RowProps): React.ReactNode {
  const [start, end] = rowSpan(rows, row);
  const inRow = length === 0 ? [] : hits.filter((at) => at < end && at + length > start);
  const parts: React.ReactNode[] = [];
  let from = start;
  for (const at of inRow) {
    const [left, right] = [Math.max(at, start), Math.min(at + length, end)];
    parts.push(
      rows.text.slice(from, left),
      <mark key={at} className={at === current ? styles['current'] : styles['mark']}>
        {rows.text.slice(left, right)}
      </mark>,
    );
    from = right;
  }
  return (
    <>
      {parts}
      {rows.text.slice(from, end)}
    </>
  );
}
