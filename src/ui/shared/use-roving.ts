/**
 * One tab stop for a group of controls. Those marked `data-stop` are reached with the arrows, each going to the nearest
 * one in its direction, and with Home and End.
 */
import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react';

const AWAY: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const STOP = '[data-stop]:not(:disabled)';
const stopsIn = (root: HTMLElement): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(STOP)];

/** The nearest stop from `from` towards (x, y); sideways distance counts three times. */
function nearest(stops: readonly HTMLElement[], from: HTMLElement, [x, y]: readonly [number, number]): HTMLElement {
  const start = from.getBoundingClientRect();
  let best = from;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const stop of stops) {
    const box = stop.getBoundingClientRect();
    const dx = box.left - start.left;
    const dy = box.top + box.height / 2 - (start.top + start.height / 2);
    const ahead = dx * x + dy * y;
    const aside = Math.abs(x === 0 ? dx : dy);
    if (stop === from || ahead < 4) continue;
    const cost = ahead + aside * 3;
    if (cost < bestCost) [best, bestCost] = [stop, cost];
  }
  return best;
}

export interface Roving<T extends HTMLElement> {
  readonly ref: RefObject<T | null>;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
  readonly onFocus: (event: React.FocusEvent) => void;
}

/**
 * Returns the ref and handlers of an element whose controls are one tab stop; those are rendered with `tabIndex={-1}`
 * and `data-stop`.
 */
export function useRoving<T extends HTMLElement>(): Roving<T> {
  const ref = useRef<T>(null);

  useLayoutEffect(() => {
    const root = ref.current;
    if (!root || root.querySelector(`${STOP}[tabindex="0"]`)) return;
    root.querySelector<HTMLElement>(STOP)?.setAttribute('tabindex', '0');
  });

  const onFocus = useCallback((event: React.FocusEvent): void => {
    const root = ref.current;
    if (!root || !(event.target instanceof HTMLElement) || !event.target.matches('[data-stop]')) return;
    for (const stop of stopsIn(root)) stop.setAttribute('tabindex', stop === event.target ? '0' : '-1');
  }, []);

  const onKeyDown = useCallback((event: React.KeyboardEvent): void => {
    const root = ref.current;
    const { target, key } = event;
    if (!root || !(target instanceof HTMLElement) || !target.matches('[data-stop]')) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const stops = stopsIn(root);
    const way = AWAY[key];
    const to = way ? nearest(stops, target, way) : key === 'Home' ? stops[0] : key === 'End' ? stops.at(-1) : undefined;
    if (!to) return;
    event.preventDefault();
    to.focus();
  }, []);

  return { ref, onKeyDown, onFocus };
}
