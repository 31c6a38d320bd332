/** Zooming so that what is looked at stays where it is on the screen. */
import { useCallback, useLayoutEffect, useRef } from 'react';
import { clamp } from '../../../lib/range';
import type { ScaledScroll } from '../../shared/use-scaled-scroll';
import { setZoom } from './view';
import { clampZoom, type Grid } from './zoom';

interface Anchor {
  readonly pfn: number;
  /** Distance of its row from the top of the view. */
  readonly y: number;
}

export interface Zoom {
  /** Steps out (positive) or in, around a page if one is given: where it is on the screen, or in the middle. */
  readonly by: (step: number, pfn?: number, where?: 'there' | 'middle') => void;
  readonly fit: () => void;
}

export function useZoom(zoom: number, fit: number, grid: Grid, scroll: ScaledScroll): Zoom {
  const anchor = useRef<Anchor>(undefined);
  /** The anchor of the last change, and where the view was left by it. */
  const left = useRef<{ readonly anchor: Anchor; readonly top: number }>(undefined);
  const live = useRef({ zoom, fit, grid, scroll });
  live.current = { zoom, fit, grid, scroll };

  useLayoutEffect(() => {
    const { grid: now, scroll: view } = live.current;
    const top = view.firstRow * now.rowPx + view.shiftPx;
    const range = Math.max(0, now.rows * now.rowPx - view.heightPx);
    // A scroll bar that comes or goes changes the rows once more: what has not been scrolled since stays where it was.
    const rested =
      left.current && (Math.abs(top - left.current.top) < 1 || top >= range) ? left.current.anchor : undefined;
    const wanted = anchor.current ?? rested;
    anchor.current = undefined;
    left.current = undefined;
    if (!wanted) return;
    const target = clamp(Math.floor(wanted.pfn / now.perRow) * now.rowPx - wanted.y, 0, range);
    left.current = { anchor: wanted, top: target };
    view.scrollBy(target - top);
  }, [grid.perRow, grid.rowPx]);

  const by = useCallback((step: number, pfn?: number, where: 'there' | 'middle' = 'there'): void => {
    const { zoom: old, fit: farthest, grid: now, scroll: view } = live.current;
    const next = clampZoom(old + step, farthest);
    if (next === old) return;
    const middle = view.firstRow + Math.floor(view.rowsInView / 2);
    const row = pfn === undefined ? middle : Math.floor(pfn / now.perRow);
    const y = (row - view.firstRow) * now.rowPx - view.shiftPx;
    const stays = where === 'there' && y >= 0 && y < view.heightPx;
    anchor.current = { pfn: pfn ?? row * now.perRow, y: stays ? y : view.heightPx / 2 };
    setZoom(next === farthest ? 'all' : next);
  }, []);

  const toFit = useCallback((): void => setZoom('all'), []);
  return { by, fit: toFit };
}
