/** The picture itself: cells on one canvas, the marks that follow pointer and selection on another. */
import { memo, useMemo } from 'react';
import { PaintedCanvas } from '../../shared/painted-canvas';
import { useShownFindings } from '../../shared/use-file';
import { drawMap } from './draw-map';
import { drawFindings, drawMarks } from './draw-marks';
import { RIGHT_PX, type View } from './geometry';
import type { MapTiles } from './tiles';

interface CellsProps {
  readonly view: View;
  readonly tiles: MapTiles;
  /** Another number when cells have come: they are then painted anew. */
  readonly fresh: number;
}

/** Shows the cells. There may be tens of thousands, so that they are painted only when they have changed. */
export const CellsCanvas = memo(function CellsCanvas({ view, tiles }: CellsProps): React.ReactNode {
  const { width, height } = view;
  return <PaintedCanvas width={width + RIGHT_PX} height={height} paint={(context) => drawMap(context, view, tiles)} />;
});

interface MarksProps {
  readonly view: View;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
}

/** Shows the marks of findings, and of the pages that are selected and pointed at. */
export function MarksCanvas({ view, selected, hovered }: MarksProps): React.ReactNode {
  const findings = useShownFindings();
  const marked = useMemo(
    () =>
      findings.flatMap(({ pfn, severity }) =>
        pfn === undefined || severity === 'note' ? [] : [[pfn, severity] as const],
      ),
    [findings],
  );
  return (
    <PaintedCanvas
      width={view.width + RIGHT_PX}
      height={view.height}
      paint={(context) => {
        drawFindings(context, view, marked);
        drawMarks(context, view, selected, hovered);
      }}
    />
  );
}
