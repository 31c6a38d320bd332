/** Values of registers: every one leads to its bytes. */
import { EqualNot } from 'lucide-react';
import { type FieldNode, noteOf } from '../../format/kit/node';
import { hex, hex0x } from '../../lib/text';
import { SymbolName } from '../shared/symbol-name';
import { MemoryLink } from '../shared/memory-link';
import { Digits } from '../shared/digits';
import { showBytes } from '../shared/focus-bytes';
import { useDifference } from './compare';
import { useFile } from '../shared/use-file';
import styles from './registers.module.css';

/** Joins the lines of a tip, one below the other; missing and empty ones are left out. */
export const lines = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join('\n');

/** Draws the sign for “not equal” beside what another vCPU has otherwise. */
export const DifferenceMark = (): React.ReactNode => (
  <EqualNot size={10} className={styles['mark'] ?? ''} aria-hidden />
);

interface ValueProps {
  readonly node: FieldNode | undefined;
  /** Digits shown; the field's own number of them if not given, none but the needed for 0. */
  readonly digits?: number;
  /** Instead of hex digits; for fields that are no number the only way to lead to their bytes. */
  readonly text?: string;
}

/** Shows the value of a register as a button that leads to its bytes; what differs from the compared vCPU is marked. */
export function Value({ node, digits, text }: ValueProps): React.ReactNode {
  const file = useFile();
  const difference = useDifference(node);
  if (!node) return <span className={styles['absent']}>—</span>;
  const { name, value, offset, length, doc, source, problem } = node;
  const note = noteOf(node);
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (!isNumber && text === undefined) {
    return (
      <span className={styles['absent']} data-tip={problem}>
        {node.text}
      </span>
    );
  }
  const room = digits ?? length * 2;
  const shown = (of: FieldNode): string =>
    text === undefined && (typeof of.value === 'number' || typeof of.value === 'bigint')
      ? hex(of.value, room)
      : of.text;
  const differs = difference && `≠ vCPU ${difference.id}: ${shown(difference.other)}`;
  const tip = lines(
    doc === undefined ? name : `${name}: ${doc}`,
    note === undefined ? undefined : `Reads: ${note}`,
    problem,
    differs,
    `Bytes at ${hex0x(offset)}`,
    source,
  );
  return (
    <button
      type="button"
      className={`${styles['value']} ${problem === undefined ? '' : styles['wrong']}`}
      data-stop
      tabIndex={-1}
      data-tip={tip}
      data-differs={differs === undefined ? undefined : ''}
      onClick={() => showBytes(file, node)}
    >
      {differs !== undefined && <DifferenceMark />}
      {isNumber && text === undefined ? <Digits value={value} digits={room} /> : <span className="mono">{text}</span>}
      {differs !== undefined && <span className="sr"> {differs}</span>}
    </button>
  );
}

interface RegisterProps {
  readonly name: string;
  readonly node: FieldNode | undefined;
  readonly digits?: number;
  readonly text?: string;
  readonly children?: React.ReactNode;
}

/** Shows one register in its row: name, value, and what it means. */
export function Register({ name, children, ...value }: RegisterProps): React.ReactNode {
  return (
    <div className={styles['register']}>
      <dt>{name}</dt>
      <dd>
        <Value {...value} />
        <MemoryLink node={value.node} stop />
        <SymbolName node={value.node} />
        {children}
      </dd>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: React.ReactNode;
  /** A landmark by its title. */
  readonly named?: boolean;
  readonly ref?: React.Ref<HTMLElement>;
  readonly children: React.ReactNode;
}

/** Draws a part of a view: a heading, a note beside it, and the content below. */
export function Section({ title, note, named = false, ref, children }: SectionProps): React.ReactNode {
  return (
    <section ref={ref} className={styles['section']} aria-label={named ? title : undefined}>
      <h2>
        {title}
        {note !== undefined && <span className="cap">{note}</span>}
      </h2>
      {children}
    </section>
  );
}
