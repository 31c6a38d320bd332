/** Vector registers in a grid: digits, or lanes of integers, floats or doubles. Each part leads to its bytes. */
import { useState } from 'react';
import { laneTexts, type Lane, vectorHex } from '../../../format/x86/vector';
import { hex0x } from '../../../lib/text';
import { goToOffset } from '../../../state/actions';
import { focusBytes } from '../../shared/focus-bytes';
import { Section } from '../value';
import type { Vector, VectorPart } from './model';
import styles from './fpu.module.css';

const READINGS = ['hex', 'u8', 'u32', 'u64', 'f32', 'f64'] as const satisfies readonly (Lane | 'hex')[];
type Reading = (typeof READINGS)[number];

export function Vectors({ vectors }: { readonly vectors: readonly Vector[] }): React.ReactNode {
  const [reading, setReading] = useState<Reading>('hex');
  const [first] = vectors;
  if (!first) return undefined;
  const bits = first.parts.reduce((sum, { bytes }) => sum + bytes.length * 8, 0);
  return (
    <Section title={`Vectors, ${bits} bits`} note={reading === 'hex' ? 'highest bit first' : 'lowest lane first'}>
      <div className={styles['readings']} role="group" aria-label="Read vectors as">
        {READINGS.map((one) => (
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
      </div>
      <dl className={styles['vectors']}>
        {vectors.map(({ name, parts }) => (
          <div key={name} className={styles['vector']}>
            <dt>{name}</dt>
            <dd className={styles[reading]}>
              {(reading === 'hex' ? parts.toReversed() : parts).map((part) => (
                <Part key={part.name} part={part} reading={reading} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Part({ part, reading }: { readonly part: VectorPart; readonly reading: Reading }): React.ReactNode {
  const { name, node, bytes, initial } = part;
  const zero = bytes.every((byte) => byte === 0);
  const lines = [name, ...(initial ? ['in its initial state'] : []), `Show the bytes at ${hex0x(node.offset)}`];
  return (
    <button
      type="button"
      className={`${styles['part']} mono ${zero ? styles['zero'] : ''}`}
      data-stop
      tabIndex={-1}
      title={lines.join('\n')}
      onClick={() => {
        goToOffset(node.offset, node.length);
        focusBytes();
      }}
    >
      {words(bytes, reading).map((word, index) => (
        <span key={index}>{word}</span>
      ))}
    </button>
  );
}

/** Lanes, the lowest first, or digits in pieces of 16 bytes, the highest first. */
const words = (bytes: Uint8Array, reading: Reading): readonly string[] =>
  reading === 'hex' ? (vectorHex(bytes).match(/.{1,32}/gu) ?? []) : laneTexts(bytes, reading);
