/**
 * Scrolling over any number of rows. Browsers cap the height of an element (33 M px in Chromium; Firefox drops what is
 * taller than 17 M px), so the scrolled spacer is at most 8 M px tall. Beyond that the scroll bar maps to a share of
 * the rows, while wheel and keys move by exact pixels.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { clamp } from '../../lib/range';

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

/** Returns which of any number of rows are in view, where each is `rowPx` pixels high, and how to scroll to others. */
export function useScaledScroll(rows: number, rowPx: number): ScaledScroll {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [top, setTop] = useState(0);
  const total = rows * rowPx;
  const spacerPx = Math.min(total, SPACER_LIMIT);
  const live = useRef({ top: 0, written: -1, total, spacerPx, height: 0, wanted: -1 });

  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const moveTo = useCallback((wanted: number): void => {
    const now = live.current;
    const range = Math.max(0, now.total - now.height);
    const next = clamp(wanted, 0, range);
    now.top = next;
    setTop(next);
    const element = ref.current;
    if (!element) return;
    const bar = Math.max(0, now.spacerPx - now.height);
    element.scrollTop = now.spacerPx === now.total ? next : range === 0 ? 0 : (next / range) * bar;
    now.written = element.scrollTop;
  }, []);

  useLayoutEffect(() => {
    Object.assign(live.current, { total, spacerPx, height: size.height });
    const range = Math.max(0, total - size.height);
    const { wanted } = live.current;
    if (wanted >= 0 && size.height > 0) {
      live.current.wanted = -1;
      moveTo(wanted * rowPx - (size.height - rowPx) / 2);
    } else if (live.current.top > range) moveTo(range);
  }, [total, spacerPx, size.height, rowPx, moveTo]);

  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const onScroll = (): void => {
      const now = live.current;
      // Our own writing echoes back; taking it for the user's would round the position to the bar's coarse steps.
      if (Math.abs(element.scrollTop - now.written) < 1) return;
      now.written = -1;
      const range = Math.max(0, now.total - now.height);
      const bar = Math.max(1, now.spacerPx - now.height);
      now.top = now.spacerPx === now.total ? element.scrollTop : Math.min(1, element.scrollTop / bar) * range;
      setTop(now.top);
    };
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || live.current.spacerPx === live.current.total) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? rowPx : event.deltaMode === 2 ? live.current.height : 1;
      moveTo(live.current.top + event.deltaY * unit);
    };
    element.addEventListener('scroll', onScroll);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [moveTo, rowPx]);

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
