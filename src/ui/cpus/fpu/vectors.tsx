/** Vector registers in a grid: digits, or lanes of integers, floats or doubles. Each part leads to its bytes. */
import { useState } from 'react';
import { laneTexts, type Lane, vectorHex } from '../../../format/x86/vector';
import { hex0x } from '../../../lib/text';
import { showBytes } from '../../shared/focus-bytes';
import { DifferenceMark, lines, Section } from '../value';
import type { Vector, VectorPart } from './model';
import { useFile } from '../../shared/use-file';
import styles from './fpu.module.css';

type Reading = Lane | 'hex';

/** Ways to read a vector, in the order of their buttons, and the class that gives each its columns. */
const READINGS: ReadonlyMap<Reading, string | undefined> = new Map([
  ['hex', styles['hex']],
  ['u8', styles['u8']],
  ['u32', styles['u32']],
  ['u64', styles['u64']],
  ['f32', styles['f32']],
  ['f64', styles['f64']],
]);

interface Props {
  readonly vectors: readonly Vector[];
  /** Those of the vCPU that is compared with. */
  readonly others?: readonly Vector[];
  readonly otherId?: number;
}

/** Shows the vector registers as hex digits or as lanes of numbers; what differs from the compared vCPU is marked. */
export function Vectors({ vectors, others, otherId = 0 }: Props): React.ReactNode {
  const [reading, setReading] = useState<Reading>('hex');
  const [first] = vectors;
  if (!first) return undefined;
  // A half that the other vCPU has no place for is in its initial state there.
  const differenceOf = (name: string, { name: partName, bytes }: VectorPart): string | undefined => {
    const other = others?.find((vector) => vector.name.slice(1) === name.slice(1));
    const theirs = other && (other.parts.find((part) => part.name === partName)?.bytes ?? new Uint8Array(bytes.length));
    return theirs && vectorHex(theirs) !== vectorHex(bytes) ? `≠ vCPU ${otherId}: ${vectorHex(theirs)}` : undefined;
  };
  const bits = first.parts.reduce((sum, { bytes }) => sum + bytes.length * 8, 0);
  return (
    <Section title={`Vectors, ${bits} bits`} note={reading === 'hex' ? 'highest bit first' : 'lowest lane first'}>
      <fieldset className={styles['readings']} aria-label="Read vectors as">
        {[...READINGS.keys()].map((one) => (
          <button
            key={one}
            type="button"
            data-stop
            tabIndex={-1}
            aria-pressed={one === reading}
            onClick={() => setReading(one)}
          >
            {one}
          </button>
        ))}
      </fieldset>
      <dl>
        {vectors.map(({ name, parts }) => (
          <div key={name} className={styles['vector']}>
            <dt>{name}</dt>
            <dd className={READINGS.get(reading)}>
              {(reading === 'hex' ? parts.toReversed() : parts).map((part) => (
                <Part key={part.name} part={part} reading={reading} differs={differenceOf(name, part)} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

interface PartProps {
  readonly part: VectorPart;
  readonly reading: Reading;
  readonly differs: string | undefined;
}

function Part({ part, reading, differs }: PartProps): React.ReactNode {
  const file = useFile();
  const { name, node, bytes, initial } = part;
  const zero = bytes.every((byte) => byte === 0);
  return (
    <button
      type="button"
      className={`${styles['part']} mono ${zero ? styles['zero'] : ''}`}
      data-stop
      tabIndex={-1}
      data-tip={lines(name, initial ? 'in its initial state' : undefined, differs, `Bytes at ${hex0x(node.offset)}`)}
      data-differs={differs === undefined ? undefined : ''}
      onClick={() => showBytes(file, node)}
    >
      {differs !== undefined && <DifferenceMark />}
      {words(bytes, reading).map((word, index) => (
        <span key={index}>{word}</span>
      ))}
      {differs !== undefined && <span className="sr"> {differs}</span>}
    </button>
  );
}

/** Lanes, the lowest first, or digits in pieces of 16 bytes, the highest first. */
const words = (bytes: Uint8Array, reading: Reading): readonly string[] =>
  reading === 'hex' ? (vectorHex(bytes).match(/.{1,32}/gu) ?? []) : laneTexts(bytes, reading);
