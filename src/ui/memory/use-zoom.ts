/** Zooming so that what is looked at stays where it is on the screen. */
import { useCallback, useLayoutEffect, useRef } from 'react';
import type { ScaledScroll } from '../shared/use-scaled-scroll';
import { setZoom } from './view';
import { clampZoom, type Grid } from './zoom';

interface Anchor {
  readonly pfn: number;
  /** Distance of its row from the top of the view. */
  readonly y: number;
}

export interface Zoom {
  /** Steps out (positive) or in, around a page if one is given. */
  readonly by: (step: number, pfn?: number) => void;
  readonly fit: () => void;
}

export function useZoom(zoom: number, fit: number, grid: Grid, scroll: ScaledScroll): Zoom {
  const anchor = useRef<Anchor>(undefined);
  const live = useRef({ zoom, fit, grid, scroll });
  live.current = { zoom, fit, grid, scroll };

  useLayoutEffect(() => {
    const wanted = anchor.current;
    anchor.current = undefined;
    if (!wanted) return;
    const { grid: now, scroll: view } = live.current;
    const top = view.firstRow * now.rowPx + view.shiftPx;
    view.scrollBy(Math.floor(wanted.pfn / now.perRow) * now.rowPx - wanted.y - top);
  }, [grid.perRow, grid.rowPx]);

  const by = useCallback((step: number, pfn?: number): void => {
    const { zoom: old, fit: farthest, grid: now, scroll: view } = live.current;
    const next = clampZoom(old + step, farthest);
    if (next === old) return;
    const middle = view.firstRow + Math.floor(view.rowsInView / 2);
    const row = pfn === undefined ? middle : Math.floor(pfn / now.perRow);
    const y = (row - view.firstRow) * now.rowPx - view.shiftPx;
    const inView = y >= 0 && y < view.heightPx;
    anchor.current = { pfn: pfn ?? row * now.perRow, y: inView ? y : view.heightPx / 2 };
    setZoom(next === farthest ? 'all' : next);
  }, []);

  const toFit = useCallback((): void => setZoom('all'), []);
  return { by, fit: toFit };
}
