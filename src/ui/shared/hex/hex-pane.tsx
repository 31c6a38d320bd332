/**
 * A hex view without what its bytes are: heading, painted lines, a cursor moved by keys and pointer, copying. For those
 * who do not see it, it is one grid with the current byte as its cell. The whole is one tab stop.
 */
import { useEffect, useEffectEvent, useState } from 'react';
import { isPressed } from '../../commands/pressed';
import { GridCell, GridRow } from '../grid-cell';
import { PaintedCanvas } from '../painted-canvas';
import { useView } from '../use-file';
import type { ScaledScroll } from '../use-scaled-scroll';
import { HEX_HEADER_PX, paintHexHeader } from './hex-header';
import { BYTES_PER_ROW, columnAt, HEX_ROW_PX, type HexLayout } from './hex-layout';
import type { Cursor } from './use-cursor';
import styles from './hex-pane.module.css';

/** What the lines stand for. Positions are numbers of bytes, from wherever the view counts. */
export interface HexLines {
  readonly count: number;
  /** Line of a position; −1 for one that is in none. */
  readonly lineOf: (at: number) => number;
  /** Position under the pointer; undefined where it stands for none. `column` is undefined beside the bytes. */
  readonly positionAt: (line: number, column: number | undefined, isDrag: boolean) => number | undefined;
  /** Where a key leads from a position; undefined for keys that lead nowhere. */
  readonly target: (at: number, key: HexKey, linesInView: number) => number | undefined;
}

export type HexKey = Pick<React.KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>;

/** How the cursor was moved. */
export interface Move {
  /** The selection is drawn along: it was moved with Shift, or by dragging. */
  readonly extend: boolean;
  readonly by: 'key' | 'pointer';
}

interface Props {
  readonly id: string;
  /** Id of the current byte. */
  readonly cellId: string;
  readonly label: string;
  /** What stands before each line. */
  readonly counts: 'offset' | 'address';
  readonly lines: HexLines;
  readonly scroll: ScaledScroll;
  readonly layout: HexLayout;
  readonly cursor: Cursor;
  readonly column: number;
  readonly selected: boolean;
  readonly busy?: boolean;
  readonly onMove: (to: number, how: Move) => void;
  readonly onCopy: () => void;
  /** Told of the position under the pointer. */
  readonly onHover?: (at: number | undefined) => void;
  readonly paint: (context: CanvasRenderingContext2D, isFocused: boolean) => void;
  /** What is said of the current byte. */
  readonly children: string;
}

/** Shows lines of bytes below a heading, with a cursor that keys and the pointer move; the caller paints the lines. */
export function HexPane(props: Props): React.ReactNode {
  const { id, cellId, label, counts, lines, scroll, layout, cursor, column, selected, busy, paint, children } = props;
  const { ref, widthPx, heightPx, spacerPx } = scroll;
  const [isFocused, setFocused] = useState(false);
  useRevealed(lines, cursor, scroll.reveal);
  const line = Math.max(0, lines.lineOf(cursor.at));
  return (
    <div className={styles['hex']}>
      <PaintedCanvas
        className={styles['head']}
        width={widthPx}
        height={HEX_HEADER_PX}
        paint={(context) => paintHexHeader(context, layout, counts)}
      />
      <div
        id={id}
        className={styles['scroll']}
        ref={ref}
        role="grid"
        aria-label={label}
        aria-rowcount={lines.count}
        aria-colcount={BYTES_PER_ROW}
        aria-activedescendant={cellId}
        aria-busy={busy}
        tabIndex={0}
        onKeyDown={(event) => onKey(event, props)}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      >
        <div style={{ height: spacerPx }} role="presentation">
          <PaintedCanvas
            className={styles['canvas']}
            width={widthPx}
            height={heightPx}
            paint={(context) => paint(context, isFocused)}
            {...pointerOf(props)}
          />
          <GridRow aria-rowindex={line + 1} className="sr">
            <GridCell id={cellId} aria-colindex={column + 1} aria-selected={selected}>
              {children}
            </GridCell>
          </GridRow>
        </div>
      </div>
    </div>
  );
}

/** Brings the cursor into view where something outside has moved it, and with every jump. */
function useRevealed(lines: HexLines, { at, isOwn }: Cursor, reveal: ScaledScroll['reveal']): void {
  const jumps = useView((view) => view.jumps);
  useEffect(() => {
    const line = lines.lineOf(at);
    if (!isOwn && line >= 0) reveal(line, 'center');
  }, [lines, at, isOwn, reveal]);
  const onJump = useEffectEvent((_jump: number) => {
    const line = lines.lineOf(at);
    if (line >= 0) reveal(line, 'center');
  });
  useEffect(() => onJump(jumps), [jumps]);
}

/** Takes the keys that move the cursor or copy. */
function onKey(event: React.KeyboardEvent, { lines, scroll, cursor, onMove, onCopy }: Props): void {
  if (isPressed(event, 'byte-copy')) {
    event.preventDefault();
    onCopy();
    return;
  }
  const linesInView = Math.max(1, Math.floor(scroll.heightPx / HEX_ROW_PX) - 1);
  const to = event.altKey ? undefined : lines.target(cursor.at, event, linesInView);
  if (to === undefined) return;
  event.preventDefault();
  onMove(to, { extend: event.shiftKey, by: 'key' });
  const line = lines.lineOf(to);
  if (line >= 0) scroll.reveal(line);
}

/** The handlers of the pointer: a press moves the cursor, a drag selects. */
function pointerOf({ lines, scroll, layout, cursor, onMove, onHover }: Props) {
  const positionAt = (event: React.PointerEvent, isDrag: boolean): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    const line = scroll.firstRow + Math.floor((event.clientY - box.top + scroll.shiftPx) / HEX_ROW_PX);
    return lines.positionAt(line, columnAt(layout, event.clientX - box.left), isDrag);
  };
  return {
    onPointerDown: (event: React.PointerEvent): void => {
      const at = event.button === 0 ? positionAt(event, event.shiftKey) : undefined;
      if (at === undefined) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      onMove(at, { extend: event.shiftKey, by: 'pointer' });
    },
    onPointerMove: (event: React.PointerEvent): void => {
      const isDrag = event.currentTarget.hasPointerCapture(event.pointerId);
      const at = positionAt(event, isDrag);
      if (!isDrag) onHover?.(at);
      else if (at !== undefined && at !== cursor.at) onMove(at, { extend: true, by: 'pointer' });
    },
    onPointerLeave: (): void => onHover?.(undefined),
  };
}
