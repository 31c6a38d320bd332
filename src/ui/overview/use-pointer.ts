/** The pointer over the strip: where it is in the file, and whether it drags or clicks. */
import { useRef, useState } from 'react';

/** A press that moves further than this drags, CSS pixels. */
const DRAG_PX = 3;

interface Options {
  /** Bytes of the file, over this many CSS pixels. */
  readonly size: number;
  readonly width: number;
  readonly onDrag: (offset: number) => void;
  readonly onClick: (offset: number) => void;
}

interface Pointer {
  /** File offset below the pointer; undefined while it is elsewhere. */
  readonly pointer: number | undefined;
  readonly onPointerDown: (event: React.PointerEvent) => void;
  readonly onPointerMove: (event: React.PointerEvent) => void;
  readonly onPointerUp: (event: React.PointerEvent) => void;
  readonly onPointerLeave: () => void;
}

/** Returns where in the file the pointer is, and the listeners that find it out. */
export function usePointer({ size, width, onDrag, onClick }: Options): Pointer {
  const [pointer, setPointer] = useState<number>();
  const pressed = useRef<{ readonly x: number; moved: boolean } | undefined>(undefined);
  const offsetAt = (event: React.PointerEvent): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(size - 1, Math.floor(((event.clientX - left) / Math.max(1, width)) * size)));
  };
  return {
    pointer,
    onPointerDown: (event) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      pressed.current = { x: event.clientX, moved: false };
    },
    onPointerMove: (event) => {
      const offset = offsetAt(event);
      setPointer(offset);
      const press = pressed.current;
      if (!press) return;
      if (Math.abs(event.clientX - press.x) > DRAG_PX) press.moved = true;
      if (press.moved) onDrag(offset);
    },
    onPointerUp: (event) => {
      const press = pressed.current;
      pressed.current = undefined;
      if (press && !press.moved) onClick(offsetAt(event));
    },
    onPointerLeave: () => setPointer(undefined),
  };
}
