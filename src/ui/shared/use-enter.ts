/** Enter that comes before the answer to what was typed. */
import { useEffect, useRef } from 'react';

/**
 * Tells what Enter does in a box whose answers come a little later than its letters: while they are looked for it is kept, and
 * done with the answer; it is forgotten as soon as something else is typed. `how` is what came with the key.
 */
export function useEnter<T>(text: string, isLooking: boolean, act: (how: T) => void): (how: T) => void {
  const owed = useRef<{ readonly text: string; readonly how: T }>(undefined);
  useEffect(() => {
    const { current } = owed;
    if (!current || (isLooking && current.text === text)) return;
    owed.current = undefined;
    if (current.text === text) act(current.how);
  });
  return (how) => {
    owed.current = isLooking ? { text, how } : undefined;
    if (!isLooking) act(how);
  };
}
