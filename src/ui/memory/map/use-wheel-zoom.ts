/** Zooming by the wheel. */
import { useEffect, useEffectEvent, useRef } from 'react';
import type { Zoom } from './use-zoom';

/** Travel of the wheel that makes one step. */
const STEP_PX = 40;

/** Makes Ctrl and the wheel zoom around the page under the pointer. React's own wheel events cannot be prevented. */
export function useWheelZoom(ref: React.RefObject<HTMLElement | null>, zoom: Zoom, pfn: number | undefined): void {
  const travelled = useRef(0);
  const onWheel = useEffectEvent((event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    travelled.current += event.deltaY;
    if (Math.abs(travelled.current) < STEP_PX) return;
    zoom.by(Math.sign(travelled.current), pfn);
    travelled.current = 0;
  });
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const listen = (event: WheelEvent): void => onWheel(event);
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, [ref]);
}
