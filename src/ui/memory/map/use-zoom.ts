/** Zooming so that what is looked at stays where it is on the screen. */
import { useEffectEvent, useLayoutEffect, useRef } from 'react';
import { clamp } from '../../../lib/range';
import { useFile } from '../../shared/use-file';
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

interface View {
  readonly level: number;
  /** The level at which all pages are in view. */
  readonly farthest: number;
  readonly grid: Grid;
  readonly scroll: ScaledScroll;
  /** Fits the rows to the room that there is. */
  readonly refit: () => void;
}

/** Returns how to zoom the map that is seen as `view` says. */
export function useZoom({ level, farthest, grid, scroll, refit }: View): Zoom {
  const file = useFile();
  const anchor = useRef<Anchor>(undefined);
  /** The anchor of the last change, and where the view was left by it. */
  const left = useRef<{ readonly anchor: Anchor; readonly top: number }>(undefined);

  const settle = useEffectEvent((perRow: number, rowPx: number): void => {
    const top = scroll.firstRow * rowPx + scroll.shiftPx;
    const range = Math.max(0, grid.rows * rowPx - scroll.heightPx);
    // A scroll bar that comes or goes changes the rows once more: what has not been scrolled since stays where it was.
    const rested =
      left.current && (Math.abs(top - left.current.top) < 1 || top >= range) ? left.current.anchor : undefined;
    const wanted = anchor.current ?? rested;
    anchor.current = undefined;
    left.current = undefined;
    if (!wanted) return;
    const target = clamp(Math.floor(wanted.pfn / perRow) * rowPx - wanted.y, 0, range);
    left.current = { anchor: wanted, top: target };
    scroll.scrollBy(target - top);
  });
  useLayoutEffect(() => settle(grid.perRow, grid.rowPx), [grid.perRow, grid.rowPx]);

  return {
    by: (step, pfn, where = 'there') => {
      const next = clampZoom(level + step, farthest);
      if (next === level) return;
      const middle = scroll.firstRow + Math.floor(scroll.rowsInView / 2);
      const row = pfn === undefined ? middle : Math.floor(pfn / grid.perRow);
      const y = (row - scroll.firstRow) * grid.rowPx - scroll.shiftPx;
      const stays = where === 'there' && y >= 0 && y < scroll.heightPx;
      anchor.current = { pfn: pfn ?? row * grid.perRow, y: stays ? y : scroll.heightPx / 2 };
      refit();
      setZoom(file, next === farthest ? 'all' : next);
    },
    fit: () => {
      refit();
      setZoom(file, 'all');
    },
  };
}
