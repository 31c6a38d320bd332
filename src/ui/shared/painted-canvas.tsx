/** A canvas that is painted anew whenever its component is looked at, and when the page turns dark or light. */
import { useRef } from 'react';
import { prepare } from './canvas';
import { useApp } from './use-app';
import { usePainting } from './use-painting';

interface Props extends Omit<React.ComponentProps<'canvas'>, 'ref'> {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Paints in CSS pixels; the canvas is empty before. */
  readonly paint: (context: CanvasRenderingContext2D) => void;
}

/** Shows what `paint` draws; hidden from those who do not see it, for whom the same must be said in words. */
export function PaintedCanvas({ width, height, paint, ...rest }: Props): React.ReactNode {
  const ref = useRef<HTMLCanvasElement>(null);
  useApp((state) => state.isDark);
  usePainting(() => {
    const context = ref.current && prepare(ref.current, width, height);
    if (context) paint(context);
  });
  return <canvas ref={ref} style={{ width, height }} aria-hidden {...rest} />;
}
