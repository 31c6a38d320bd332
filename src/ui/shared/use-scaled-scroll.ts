/**
 * Scrolling over any number of rows. Browsers cap the height of an element (33 M px in Chromium; Firefox drops what is
 * taller than 17 M px), so the scrolled spacer is at most 8 M px tall. Beyond that the scroll bar maps to a share of
 * the rows, while wheel and keys move by exact pixels.
 */
import { type RefObject, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { clamp } from '../../lib/range';
import { useSize } from './use-size';

const SPACER_LIMIT = 8_000_000;

export interface ScaledScroll {
  /** Ref of the scrolling element, whose first child must be a spacer of `spacerPx`. */
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly spacerPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** First row in view, whole; and how many pixels of it are scrolled out. */
  readonly firstRow: number;
  readonly shiftPx: number;
  /** Rows that are at least partly in view. */
  readonly rowsInView: number;
  /** Brings a row into view; `center` puts it in the middle if it was outside. */
  readonly reveal: (row: number, where?: 'nearest' | 'center') => void;
  readonly scrollBy: (px: number) => void;
}

/** Where the scroller stands, as its listeners need it between two looks at the component. Pixels. */
interface Live {
  /** The exact position in all rows. */
  top: number;
  /** Position of the bar that was set from here; −1 once the user has moved it. */
  written: number;
  /** Height of all rows. */
  total: number;
  spacerPx: number;
  /** Height of the view; 0 until it is laid out. */
  height: number;
  /** Row to bring into view once the height is known; −1 for none. */
  wanted: number;
}

/** Whether the bar's position is the exact one. */
const isExact = ({ spacerPx, total }: Live): boolean => spacerPx === total;

/** The furthest position. */
const rangeOf = ({ total, height }: Live): number => Math.max(0, total - height);

/** Where the bar stands for the exact position. */
function barOf(now: Live): number {
  if (isExact(now)) return now.top;
  const range = rangeOf(now);
  return range === 0 ? 0 : (now.top / range) * Math.max(0, now.spacerPx - now.height);
}

/** The position in all rows for one of the bar. */
function topOf(now: Live, bar: number): number {
  return isExact(now) ? bar : Math.min(1, bar / Math.max(1, now.spacerPx - now.height)) * rangeOf(now);
}

/** Hears of the bar and the wheel. Not by props: React's wheel listeners cannot prevent what the browser does. */
function useMoves(ref: RefObject<HTMLElement | null>, scroll: () => void, wheel: (event: WheelEvent) => void): void {
  const onScroll = useEffectEvent(scroll);
  const onWheel = useEffectEvent(wheel);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const scrolled = (): void => onScroll();
    const wheeled = (event: WheelEvent): void => onWheel(event);
    element.addEventListener('scroll', scrolled);
    element.addEventListener('wheel', wheeled, { passive: false });
    return () => {
      element.removeEventListener('scroll', scrolled);
      element.removeEventListener('wheel', wheeled);
    };
  }, [ref]);
}

/** Returns which of any number of rows are in view, where each is `rowPx` pixels high, and how to scroll to others. */
export function useScaledScroll(rows: number, rowPx: number): ScaledScroll {
  const ref = useRef<HTMLDivElement>(null);
  const size = useSize(ref);
  const [top, setTop] = useState(0);
  const total = rows * rowPx;
  const spacerPx = Math.min(total, SPACER_LIMIT);
  const live = useRef<Live>({ top: 0, written: -1, total, spacerPx, height: 0, wanted: -1 });

  const moveTo = useCallback((wanted: number): void => {
    const now = live.current;
    now.top = clamp(wanted, 0, rangeOf(now));
    setTop(now.top);
    const element = ref.current;
    if (!element) return;
    element.scrollTop = barOf(now);
    now.written = element.scrollTop;
  }, []);

  useLayoutEffect(() => {
    Object.assign(live.current, { total, spacerPx, height: size.height });
    const range = rangeOf(live.current);
    const { wanted } = live.current;
    if (wanted >= 0 && size.height > 0) {
      live.current.wanted = -1;
      moveTo(wanted * rowPx - (size.height - rowPx) / 2);
    } else if (live.current.top > range) moveTo(range);
  }, [total, spacerPx, size.height, rowPx, moveTo]);

  useMoves(
    ref,
    () => {
      const now = live.current;
      const at = ref.current?.scrollTop ?? 0;
      // Our own writing echoes back; taking it for the user's would round the position to the bar's coarse steps.
      if (Math.abs(at - now.written) < 1) return;
      now.written = -1;
      now.top = topOf(now, at);
      setTop(now.top);
    },
    (event) => {
      if (event.ctrlKey || isExact(live.current)) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? rowPx : event.deltaMode === 2 ? live.current.height : 1;
      moveTo(live.current.top + event.deltaY * unit);
    },
  );

  const reveal = useCallback(
    (row: number, where: 'nearest' | 'center' = 'nearest'): void => {
      const now = live.current;
      // Not laid out yet: the row is brought into view once the height is known.
      if (now.height === 0) {
        now.wanted = row;
        return;
      }
      const from = row * rowPx;
      const inView = from >= now.top && from + rowPx <= now.top + now.height;
      if (inView) return;
      if (where === 'center') moveTo(from - (now.height - rowPx) / 2);
      else moveTo(from < now.top ? from : from + rowPx - now.height);
    },
    [moveTo, rowPx],
  );
  const scrollBy = useCallback((px: number): void => moveTo(live.current.top + px), [moveTo]);

  const firstRow = Math.floor(top / rowPx);
  const shiftPx = top - firstRow * rowPx;
  const rowsInView = Math.max(0, Math.min(rows - firstRow, Math.ceil((size.height + shiftPx) / rowPx)));
  return { ref, spacerPx, widthPx: size.width, heightPx: size.height, firstRow, shiftPx, rowsInView, reveal, scrollBy };
}
