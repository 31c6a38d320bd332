/** Keeping the selected page in view. */
import { useEffect, useEffectEvent, useRef } from 'react';
import type { ScaledScroll } from '../../shared/use-scaled-scroll';
import type { View } from './geometry';

/**
 * Brings a page into view when it is selected, and when something is opened below the map that covers it. Zooming keeps
 * its own place, so a new grid is no reason to move.
 */
export function useKeptInView(view: View, selected: number | undefined, reveal: ScaledScroll['reveal']): void {
  const { grid, firstRow, shiftPx, height, pfns } = view;
  const isShown = useRef(false);
  const room = useRef(height);

  const show = useEffectEvent((pfn: number): void => {
    if (pfn >= pfns) return;
    reveal(Math.floor(pfn / grid.perRow), isShown.current ? 'nearest' : 'center');
    isShown.current = true;
  });
  const isSettled = height > 0;
  useEffect(() => {
    if (isSettled && selected !== undefined) show(selected);
  }, [selected, isSettled]);

  const uncover = useEffectEvent((now: number): void => {
    const before = room.current;
    room.current = now;
    if (now >= before || selected === undefined || selected >= pfns) return;
    const row = Math.floor(selected / grid.perRow);
    const y = (row - firstRow) * grid.rowPx - shiftPx;
    if (y >= 0 && y < before) reveal(row);
  });
  useEffect(() => uncover(height), [height]);
}
