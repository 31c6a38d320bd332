/** The selected bytes as numbers and text, and what their field means. */
import { Copy } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { keysOf } from '../../lib/keys-of';
import { useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { ascii, byteSize, grouped, hex0x, hexBytes } from '../../lib/text';
import { refText } from '../../state/follow';
import { useMemoryRef } from '../shared/use-memory-ref';
import { SymbolName } from '../shared/symbol-name';
import { followRef } from '../shared/memory-link';
import { COPY_FORMS, copySelection } from './copy';
import { fieldByPath, fieldOf } from './field-path';
import { useBytes, useFile, usePlace, useView } from '../shared/use-file';
import styles from './record.module.css';

interface Reading {
  readonly label: string;
  readonly value: string;
}

/** What fits into the bytes, read in one byte order. */
function readings(bytes: Uint8Array, little: boolean): Reading[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: Reading[] = [];
  const add = (label: string, size: number, read: () => number | bigint): void => {
    if (bytes.length >= size) out.push({ label, value: grouped(read()) });
  };
  const real = (label: string, size: number, read: () => number): void => {
    if (bytes.length >= size) out.push({ label, value: String(read()) });
  };
  add('u64', 8, () => view.getBigUint64(0, little));
  add('i64', 8, () => view.getBigInt64(0, little));
  add('u32', 4, () => view.getUint32(0, little));
  add('i32', 4, () => view.getInt32(0, little));
  add('u16', 2, () => view.getUint16(0, little));
  add('i16', 2, () => view.getInt16(0, little));
  add('u8', 1, () => view.getUint8(0));
  add('i8', 1, () => view.getInt8(0));
  real('f64', 8, () => view.getFloat64(0, little));
  real('f32', 4, () => Number(view.getFloat32(0, little).toPrecision(8)));
  out.push({ label: 'text', value: ascii(bytes) });
  if (bytes.length <= 8)
    out.push({
      label: 'bits',
      value: Array.from(bytes.subarray(0, 4), (byte) => byte.toString(2).padStart(8, '0')).join(' '),
    });
  return out;
}

/** Shows the selected bytes as numbers and text, in either byte order, and what their field means. */
export function Inspector({ nodes }: { readonly nodes: readonly FieldNode[] | undefined }): React.ReactNode {
  const bytes = useBytes();
  const range = usePlace((place) => place.range);
  const path = useView((view) => view.fieldPath);
  const [little, setLittle] = useState(true);
  const field =
    range &&
    nodes &&
    ((path === undefined ? undefined : fieldByPath(bytes, nodes, path)) ?? fieldOf(bytes, nodes, range));
  if (!range) {
    return (
      <section className={styles['inspector']} aria-label="Data inspector">
        <p className={styles['idle']}>Select a field or bytes to read them as numbers and text.</p>
      </section>
    );
  }
  const exact = field && field.node.offset === range.start && field.node.length === range.end - range.start;
  const title = field ? field.names.slice(-2).join('.') + (exact ? '' : ' (part)') : 'bytes';
  const peek = bytes.peek(range.start, Math.min(32, Math.max(8, range.end - range.start)));
  const length = range.end - range.start;
  return (
    <section className={styles['inspector']} aria-label="Data inspector">
      <header>
        <h2 className="ell">{title}</h2>
        <span className={`mono ${styles['where']}`}>
          {byteSize(length)} at {hex0x(range.start)}
        </span>
        <span className={styles['grow']} />
        <fieldset className={styles['order']} aria-label="Byte order">
          <button type="button" aria-pressed={little} onClick={() => setLittle(true)}>
            LE
          </button>
          <button type="button" aria-pressed={!little} onClick={() => setLittle(false)}>
            BE
          </button>
        </fieldset>
        <CopyMenu />
      </header>
      {field && <AboutField node={field.node} />}
      {peek.state === 'loading' && <p className={styles['idle']}>Reading …</p>}
      {peek.state === 'failed' && <p className={styles['problem']}>Not readable: {peek.reason}</p>}
      {peek.state === 'ready' && (
        <dl className={styles['readings']}>
          <div className={styles['whole']}>
            <dt>hex</dt>
            <dd>
              {hexBytes(peek.bytes.subarray(0, Math.min(length, 16)), ' ')}
              {length > 16 ? ' …' : ''}
            </dd>
          </div>
          {readings(peek.bytes.subarray(0, Math.max(1, Math.min(length, 32))), little).map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd title={value}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** What the field means, where that is laid down, and where its value leads. */
function AboutField({ node }: { readonly node: FieldNode }): React.ReactNode {
  const file = useFile();
  const { doc, source } = node;
  const asked = useMemoryRef(node);
  const ref = asked.state === 'ready' ? asked.value : undefined;
  return (
    <>
      {doc !== undefined && <p className={styles['doc']}>{doc}</p>}
      {source !== undefined && <p className={styles['about']}>Source: {source}</p>}
      {asked.state === 'failed' && (
        <p className={styles['problem']}>Whether it leads anywhere is not known: {asked.reason}</p>
      )}
      {ref && (
        <p className={styles['doc']}>
          <button type="button" className="link" onClick={() => void followRef(file, node)}>
            To the memory at {refText(ref)}
          </button>{' '}
          <SymbolName node={node} />
        </p>
      )}
    </>
  );
}

function CopyMenu(): React.ReactNode {
  const file = useFile();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles['menuButton']} aria-label="Copy the selected bytes as">
        <Copy size={14} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['menu']} align="end" sideOffset={4}>
          {keysOf(COPY_FORMS).map((form) => (
            <DropdownMenu.Item
              key={form}
              className={styles['menuItem']}
              onSelect={() => void copySelection(file, form)}
            >
              Copy as {COPY_FORMS[form]}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
