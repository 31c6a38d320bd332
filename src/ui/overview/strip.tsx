/** The strip: every byte of the file to scale, coloured by what its record is for. */
import type { Range } from '../../lib/range';
import { byteSize, hex0x } from '../../lib/text';
import { goToRecord, recordAt } from '../../state/actions';
import { usePaced } from '../shared/use-paced';
import { useFile, useProgress, useShownFindings } from '../shared/use-file';
import { useWidth } from '../shared/use-width';
import { StripCanvas } from './strip-canvas';
import { brushX } from './strip-paint';
import { usePointer } from './use-pointer';
import styles from './overview.module.css';

/** While a scan runs the strip grows slowly: often enough for the eye. */
const REPAINT_MS = 200;

interface Props {
  /** Bytes under the lens. */
  readonly brush: Range | undefined;
  readonly onBrush: (offset: number) => void;
  /** Moves the lens by records. */
  readonly onStep: (records: number) => void;
}

/** Records that a key moves the lens by; undefined for other keys. */
function stepOf(key: string, count: number): number | undefined {
  const far = Math.max(10, Math.floor(count / 20));
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    PageUp: -far,
    PageDown: far,
    Home: -count,
    End: count,
  };
  return steps[key];
}

/** Shows the file from end to end, with the lens over a part of it. */
export function Strip({ brush, onBrush, onStep }: Props): React.ReactNode {
  const file = useFile();
  const progress = usePaced(
    useProgress((all) => all),
    REPAINT_MS,
  );
  const findings = useShownFindings();
  const { size } = file;
  const [box, width] = useWidth<HTMLDivElement>();
  const show = (record: number): void => {
    if (record >= 0) goToRecord(file, record);
  };
  const { pointer, ...listeners } = usePointer({
    size,
    width,
    onDrag: onBrush,
    onClick: (at) => show(recordAt(file, at)),
  });
  const middle = brush ? (brush.start + brush.end) / 2 : 0;
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = stepOf(event.key, file.records.count);
    if (step !== undefined) onStep(step);
    else if (event.key === 'Enter') show(recordAt(file, middle));
    else return;
    event.preventDefault();
  };

  const under = pointer === undefined ? undefined : file.records.row(recordAt(file, pointer));
  const beam = brush && brushX(brush, size, width);
  return (
    <>
      <div
        ref={box}
        className={styles['strip']}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an input holds no picture
        role="slider"
        aria-label="Place in the file"
        aria-valuemin={0}
        aria-valuemax={size}
        aria-valuenow={Math.round(middle)}
        aria-valuetext={`${byteSize(middle)} of ${byteSize(size)}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        {...listeners}
      >
        <StripCanvas width={width} progress={progress} findings={findings} from={brush?.start} to={brush?.end} />
        {under && pointer !== undefined && (
          <span
            className={styles['tip']}
            style={{ left: Math.max(0, Math.min(width - 260, (pointer / size) * width - 130)) }}
          >
            {hex0x(pointer)} · #{under.index} {under.name}
          </span>
        )}
      </div>
      <svg className={styles['beam']} viewBox={`0 0 ${Math.max(1, width)} 12`} preserveAspectRatio="none" aria-hidden>
        {beam && <path vectorEffect="non-scaling-stroke" d={`M${beam.from} 0L0 12L${width} 12L${beam.to} 0Z`} />}
      </svg>
    </>
  );
}
