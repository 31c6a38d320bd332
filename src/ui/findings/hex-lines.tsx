/** A few lines of bytes around a place in the file, with the guilty ones marked. */
import { ascii, hex } from '../../lib/text';
import { clamp, intersect, type Range } from '../../lib/range';
import { useBytes, useFile } from '../shared/use-file';
import styles from './hex-lines.module.css';

const LINE = 16;
const LINES = 6;

interface Props {
  readonly range: Range;
  readonly grave: boolean;
}

/** Shows up to six lines of 16 bytes around a range of the file, with the bytes of the range marked. */
export function HexLines({ range, grave }: Props): React.ReactNode {
  const { size } = useFile();
  const loaded = useBytes();
  const lastLine = Math.floor(Math.max(0, size - 1) / LINE) * LINE;
  const wanted = Math.floor(range.start / LINE) * LINE - LINE;
  const first = clamp(wanted, 0, Math.max(0, lastLine - (LINES - 1) * LINE));
  const peek = loaded.peek(first, LINES * LINE);
  if (peek.state === 'failed') {
    return (
      <p className={`hatch ${styles['failed']}`} role="alert">
        Could not be read: {peek.reason}
      </p>
    );
  }
  const bytes = peek.state === 'ready' ? peek.bytes : undefined;
  const digits = Math.max(8, hex(size).length);
  return (
    <figure className={`mono ${styles['lines']} ${grave ? styles['grave'] : ''}`} aria-label="Bytes">
      {Array.from({ length: LINES }, (_, index) => first + index * LINE)
        .filter((start) => start < size)
        .map((start) => (
          <Line
            key={start}
            start={start}
            digits={digits}
            bytes={bytes?.subarray(start - first, start - first + LINE)}
            length={Math.min(LINE, size - start)}
            range={range}
          />
        ))}
      {range.start >= size && <p className={styles['end']}>end of the file at {hex(size, digits)}</p>}
    </figure>
  );
}

interface LineProps {
  readonly start: number;
  readonly digits: number;
  /** Undefined while on their way. */
  readonly bytes: Uint8Array | undefined;
  readonly length: number;
  readonly range: Range;
}

function Line({ start, digits, bytes, length, range }: LineProps): React.ReactNode {
  const marked = intersect(range, { start, end: start + LINE });
  const isMarked = (at: number): boolean =>
    marked !== undefined && start + at >= marked.start && start + at < marked.end;
  const cells = Array.from({ length }, (_, at) => at);
  return (
    <div className={styles['line']}>
      <span className={marked ? styles['here'] : styles['offset']}>{hex(start, digits)}</span>
      <span className={styles['bytes']}>
        {cells.map((at) => {
          const byte = bytes?.[at];
          const look = isMarked(at) ? styles['marked'] : byte === 0 ? styles['zero'] : '';
          return (
            <i key={at} className={look}>
              {byte === undefined ? '··' : hex(byte, 2)}
            </i>
          );
        })}
      </span>
      <span className={styles['text']} aria-hidden>
        {bytes &&
          Array.from(ascii(bytes), (char, at) => (
            <i key={at} className={isMarked(at) ? styles['marked'] : ''}>
              {char}
            </i>
          ))}
      </span>
    </div>
  );
}
