/** Zooming so that what is looked at stays where it is on the screen. */
import { useCallback, useLayoutEffect, useRef } from 'react';
import { clamp } from '../../../lib/range';
import type { ScaledScroll } from '../../shared/use-scaled-scroll';
import { useFile } from '../../shared/use-file';
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
  /** At which all pages are in view. */
  readonly farthest: number;
  readonly grid: Grid;
  readonly scroll: ScaledScroll;
  /** Fits the rows to the room that there is. */
  readonly refit: () => void;
}

export function useZoom(now: View): Zoom {
  const file = useFile();
  const anchor = useRef<Anchor>(undefined);
  /** The anchor of the last change, and where the view was left by it. */
  const left = useRef<{ readonly anchor: Anchor; readonly top: number }>(undefined);
  const live = useRef(now);
  live.current = now;
  const { grid } = now;

  useLayoutEffect(() => {
    const view = live.current.scroll;
    const top = view.firstRow * grid.rowPx + view.shiftPx;
    const range = Math.max(0, grid.rows * grid.rowPx - view.heightPx);
    // A scroll bar that comes or goes changes the rows once more: what has not been scrolled since stays where it was.
    const rested =
      left.current && (Math.abs(top - left.current.top) < 1 || top >= range) ? left.current.anchor : undefined;
    const wanted = anchor.current ?? rested;
    anchor.current = undefined;
    left.current = undefined;
    if (!wanted) return;
    const target = clamp(Math.floor(wanted.pfn / grid.perRow) * grid.rowPx - wanted.y, 0, range);
    left.current = { anchor: wanted, top: target };
    view.scrollBy(target - top);
  }, [grid.perRow, grid.rowPx]);

  const by = useCallback(
    (step: number, pfn?: number, where: 'there' | 'middle' = 'there'): void => {
      const { level, farthest, grid: old, scroll: view, refit } = live.current;
      const next = clampZoom(level + step, farthest);
      if (next === level) return;
      const middle = view.firstRow + Math.floor(view.rowsInView / 2);
      const row = pfn === undefined ? middle : Math.floor(pfn / old.perRow);
      const y = (row - view.firstRow) * old.rowPx - view.shiftPx;
      const stays = where === 'there' && y >= 0 && y < view.heightPx;
      anchor.current = { pfn: pfn ?? row * old.perRow, y: stays ? y : view.heightPx / 2 };
      refit();
      setZoom(file, next === farthest ? 'all' : next);
    },
    [file],
  );

  const toFit = useCallback((): void => {
    live.current.refit();
    setZoom(file, 'all');
  }, [file]);
  return { by, fit: toFit };
}
