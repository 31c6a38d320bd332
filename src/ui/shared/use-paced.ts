/** A value that may change with every frame, taken over only so often: for pictures too dear to draw each time. */
import { useEffect, useRef, useState } from 'react';

/** Returns a value that changes often, taken over at most once in `everyMs` milliseconds. */
export function usePaced<T>(value: T, everyMs: number): T {
  const [taken, setTaken] = useState(value);
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const take = (): void => {
      last.current = performance.now();
      setTaken(value);
    };
    const wait = last.current + everyMs - performance.now();
    if (wait <= 0) {
      take();
      return undefined;
    }
    const timer = setTimeout(take, wait);
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return taken;
}
