/** The room that the pages of the map are fitted to. */
import { useState } from 'react';
import { MAP_MARGIN_PX } from './geometry';
import { usePlace } from '../../shared/use-file';
import { useSearchBox } from '../../shared/use-app';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Until the map has been measured. */
const ASSUMED: Size = { width: 640, height: 480 };

/** Returns the room for cells, in pixels, of a map that measures so much. */
export const cellsSize = (widthPx: number, heightPx: number): Size =>
  heightPx > 0 ? { width: Math.max(1, widthPx - MAP_MARGIN_PX), height: heightPx } : ASSUMED;

interface Fitted {
  readonly size: Size;
  /** What the map and the window measured then. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly windowPx: number;
}

type FitSize = readonly [fitted: Fitted, set: (fitted: Fitted) => void];

/** Returns the room, and how to set it. The zoom depends on it, and what is measured on the zoom. */
export const useFitSize = (): FitSize => useState<Fitted>({ size: ASSUMED, widthPx: 0, heightPx: 0, windowPx: 0 });

/**
 * Fits the pages to the map as often as its size changes; returns how to do so at once. What is opened below the map
 * covers rows, which can be scrolled to: fitted to the rest, all pages would move while one of them is looked at.
 */
export function useFitting([fitted, setFitted]: FitSize, widthPx: number, heightPx: number): () => void {
  const searching = useSearchBox((box) => box.open);
  const covered = usePlace((place) => place.pageView !== undefined) || searching;
  const measured = { widthPx, heightPx, windowPx: innerHeight };
  if (heightPx > 0 && (widthPx !== fitted.widthPx || heightPx !== fitted.heightPx)) {
    const { width, height } = cellsSize(widthPx, heightPx);
    const keeps = covered && fitted.windowPx === innerHeight;
    setFitted({ ...measured, size: { width, height: keeps ? Math.max(fitted.size.height, height) : height } });
  }
  return () => setFitted({ ...measured, size: cellsSize(widthPx, heightPx) });
}
