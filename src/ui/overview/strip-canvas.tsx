/** The picture of the strip. */
import { memo } from 'react';
import type { ShownFinding } from '../../state/findings';
import { PaintedCanvas } from '../shared/painted-canvas';
import { useFile } from '../shared/use-file';
import { paintStrip, STRIP_HEIGHT } from './strip-paint';

interface Props {
  readonly width: number;
  /** Another object when the scan has found more. */
  readonly progress: unknown;
  readonly findings: readonly ShownFinding[];
  /** Bytes under the lens; undefined where there are none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Shows the whole file to scale. Looking through all records is dear: it is painted only when something has changed. */
export const StripCanvas = memo(function StripCanvas({ width, findings, from, to }: Props): React.ReactNode {
  const { records, image, size } = useFile();
  const brush = from === undefined || to === undefined ? undefined : { start: from, end: to };
  return (
    <PaintedCanvas
      width={width}
      height={STRIP_HEIGHT}
      paint={(context) => paintStrip(context, { width, size, records, image, findings, brush })}
    />
  );
});
