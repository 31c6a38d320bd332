/** Painting a canvas once a frame. */
import { type DependencyList, useLayoutEffect } from 'react';

/** Paints before the next frame is shown: once, however often what is painted changes until then. */
export function usePainting(paint: () => void, changes: DependencyList): void {
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  }, changes);
}
