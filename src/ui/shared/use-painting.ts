/** Painting a canvas once a frame. */
import { useLayoutEffect } from 'react';

/**
 * Paints before the next frame is shown, after every look at the component: once, however often it is looked at until
 * then. Where painting is dear, the component is a `memo` of what is painted.
 */
export function usePainting(paint: () => void): void {
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  });
}
