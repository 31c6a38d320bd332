/** The cursor of a hex view, which keys and pointer move in the view, and selections made elsewhere move too. */
import { useState } from 'react';
import type { Range } from '../../../lib/range';

export interface Cursor {
  /** Position of the current byte. */
  readonly at: number;
  /** The end of the selection that stays while Shift or the pointer moves the other one. */
  readonly anchor: number;
  /** Whether it was moved here in the view itself. */
  readonly isOwn: boolean;
}

interface Moved {
  readonly at: number;
  readonly anchor: number;
  /** What the move has made of `place`. */
  readonly place: unknown;
}

/**
 * Returns the cursor, and what notes a move that the view itself makes. As long as `place` is what that move has made
 * of it, the cursor is where it went; else something outside has moved it to `elsewhere`.
 */
export function useCursor(elsewhere: number, place: unknown): readonly [Cursor, (moved: Moved) => void] {
  const [moved, setMoved] = useState<Moved>();
  const own = moved?.place === place ? moved : undefined;
  const { at, anchor } = own ?? { at: elsewhere, anchor: elsewhere };
  return [{ at, anchor, isOwn: own !== undefined }, setMoved];
}

/** Returns the bytes between two positions, both included. */
export const between = (a: number, b: number): Range => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 });
