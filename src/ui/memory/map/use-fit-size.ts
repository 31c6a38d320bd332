/** The room that the pages of the map are fitted to. */
import { useCallback, useLayoutEffect, useState } from 'react';
import { MAP_MARGIN_PX } from './geometry';
import { usePlace } from '../../shared/use-file';
import { useSearchBox } from '../../shared/use-app';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Until the map has been measured. */
const ASSUMED: Size = { width: 640, height: 480 };

/** Room for cells, in pixels, of a map that measures so much. */
export const cellsSize = (widthPx: number, heightPx: number): Size =>
  heightPx > 0 ? { width: Math.max(1, widthPx - MAP_MARGIN_PX), height: heightPx } : ASSUMED;

/** The room, and how to set it. The zoom depends on it, and what is measured on the zoom. */
export const useFitSize = (): [Size, (size: Size) => void] => useState(ASSUMED);

/**
 * Fits the pages to the map as often as its size changes; returns how to do so at once. What is opened below the map
 * covers rows, which can be scrolled to: fitted to the rest, all pages would move while one of them is looked at.
 */
export function useFitting(
  [size, setSize]: ReturnType<typeof useFitSize>,
  widthPx: number,
  heightPx: number,
): () => void {
  const searching = useSearchBox((box) => box.open);
  const covered = usePlace((place) => place.pageView !== undefined) || searching;
  const [windowPx, setWindowPx] = useState(0);
  useLayoutEffect(() => {
    if (heightPx === 0) return;
    const { width, height } = cellsSize(widthPx, heightPx);
    const keeps = covered && windowPx === innerHeight;
    setWindowPx(innerHeight);
    setSize({ width, height: keeps ? Math.max(size.height, height) : height });
    // The cover is gone once the size is another.
  }, [widthPx, heightPx]);
  return useCallback(() => setSize(cellsSize(widthPx, heightPx)), [setSize, widthPx, heightPx]);
}
