/** The picture itself: cells on one canvas, the marks that follow pointer and selection on another. */
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { prepare } from '../../shared/canvas';
import { usePainting } from '../../shared/use-painting';
import { drawMap } from './draw-map';
import { drawFindings, drawMarks } from './draw-marks';
import { RIGHT_PX, type View } from './geometry';
import type { MapTiles } from './tiles';
import { useShownFindings } from '../../shared/use-file';
import { useApp } from '../../shared/use-app';

/** Changes with the colours of the page. */
function useColours(): string {
  const theme = useApp((state) => state.theme);
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useLayoutEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return `${theme}:${dark}`;
}

interface Props {
  readonly view: View;
  readonly tiles: MapTiles;
  /** Rises when cells have come. */
  readonly fresh: number;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
}

export function MapCanvas({ view, tiles, fresh, selected, hovered }: Props): React.ReactNode {
  const map = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const colours = useColours();
  const { grid, pfns, layer, entries, width, height, firstRow, shiftPx, rowsInView } = view;
  const { perCell, columns, rowPx } = grid;
  const place = [perCell, columns, rowPx, pfns, width, height, firstRow, shiftPx, rowsInView, colours];

  usePainting(() => {
    const context = map.current && prepare(map.current, width + RIGHT_PX, height);
    if (context) drawMap(context, view, tiles);
  }, [...place, layer, entries, tiles, fresh]);

  const findings = useShownFindings();
  const marked = useMemo(
    () =>
      findings.flatMap(({ pfn, severity }) =>
        pfn === undefined || severity === 'note' ? [] : [[pfn, severity] as const],
      ),
    [findings],
  );
  usePainting(() => {
    const context = marks.current && prepare(marks.current, width + RIGHT_PX, height);
    if (!context) return;
    drawFindings(context, view, marked);
    drawMarks(context, view, selected, hovered);
  }, [...place, selected, hovered, marked]);

  return (
    <>
      <canvas ref={map} aria-hidden />
      <canvas ref={marks} aria-hidden />
    </>
  );
}
