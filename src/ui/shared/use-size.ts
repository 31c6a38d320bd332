/** Size of an element, for layouts that must count. */
import { type RefObject, useLayoutEffect, useState } from 'react';

export interface Size {
  /** Inner width and height, CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Returns the inner size of an element, and follows it; 0 by 0 until it is measured. */
export function useSize(ref: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
