/** The strip: every byte of the file to scale, coloured by what its record is for. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { Range } from '../../lib/range';
import { byteSize, hex0x } from '../../lib/text';
import { goToRecord, recordAt } from '../../state/actions';
import { prepare } from '../shared/canvas';
import { usePaced } from '../shared/use-paced';
import { useFile, useProgress, useShownFindings } from '../shared/use-file';
import { useApp } from '../shared/use-app';
import styles from './overview.module.css';
import { brushX, paintStrip, STRIP_HEIGHT } from './strip-paint';

/** While a scan runs the strip grows slowly: often enough for the eye. */
const REPAINT_MS = 200;

interface Props {
  /** Bytes under the lens. */
  readonly brush: Range | undefined;
  readonly onBrush: (offset: number) => void;
  /** Moves the lens by records. */
  readonly onStep: (records: number) => void;
}

export function Strip({ brush, onBrush, onStep }: Props): React.ReactNode {
  const file = useFile();
  const progress = usePaced(
    useProgress((all) => all),
    REPAINT_MS,
  );
  const findings = useShownFindings();
  const isDark = useApp((state) => state.isDark);
  const { size } = file;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [pointer, setPointer] = useState<number>();
  const pressed = useRef<{ readonly x: number; moved: boolean } | undefined>(undefined);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const context = canvas.current && prepare(canvas.current, width, STRIP_HEIGHT);
    if (!context) return;
    paintStrip(context, { width, size, records: file.records, image: file.image, findings, brush });
  }, [progress, findings, isDark, width, size, brush?.start, brush?.end]);

  const offsetAt = (event: React.PointerEvent): number => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    return Math.max(0, Math.min(size - 1, Math.floor(((event.clientX - left) / Math.max(1, width)) * size)));
  };
  const onPointerMove = (event: React.PointerEvent): void => {
    const offset = offsetAt(event);
    setPointer(offset);
    const press = pressed.current;
    if (!press) return;
    if (Math.abs(event.clientX - press.x) > 3) press.moved = true;
    if (press.moved) onBrush(offset);
  };
  const onPointerUp = (event: React.PointerEvent): void => {
    const press = pressed.current;
    pressed.current = undefined;
    if (!press || press.moved) return;
    const record = recordAt(file, offsetAt(event));
    if (record >= 0) goToRecord(file, record);
  };
  const middle = brush ? (brush.start + brush.end) / 2 : 0;
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const { count } = file.records;
    const far = Math.max(10, Math.floor(count / 20));
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageUp: -far,
      PageDown: far,
      Home: -count,
      End: count,
    };
    const step = steps[event.key];
    if (step !== undefined) onStep(step);
    else if (event.key === 'Enter') {
      const record = recordAt(file, middle);
      if (record >= 0) goToRecord(file, record);
    } else return;
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
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          pressed.current = { x: event.clientX, moved: false };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => setPointer(undefined)}
      >
        <canvas ref={canvas} style={{ width, height: STRIP_HEIGHT }} aria-hidden />
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
