/** Values of registers: every one leads to its bytes. */
import type { FieldNode } from '../../format/kit/node';
import { hex0x } from '../../lib/text';
import { goToOffset } from '../../state/actions';
import { focusBytes } from '../shared/focus-bytes';
import { TargetLink } from '../shared/target-link';
import { Digits } from '../shared/digits';
import styles from './registers.module.css';

interface ValueProps {
  readonly node: FieldNode | undefined;
  /** Digits shown; the field's own number of them if not given, none but the needed for 0. */
  readonly digits?: number;
}

export function Value({ node, digits }: ValueProps): React.ReactNode {
  if (!node) return <span className={styles['absent']}>—</span>;
  const { value, offset, length, doc, problem } = node;
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    return (
      <span className={styles['absent']} title={problem}>
        {node.text}
      </span>
    );
  }
  const title = [doc, problem, `Show the bytes at ${hex0x(offset)}`].filter((line) => line !== undefined).join('\n');
  return (
    <button
      type="button"
      className={`${styles['value']} ${problem === undefined ? '' : styles['wrong']}`}
      data-stop
      tabIndex={-1}
      title={title}
      onClick={() => {
        goToOffset(offset, length);
        focusBytes();
      }}
    >
      <Digits value={value} digits={digits ?? length * 2} />
    </button>
  );
}

interface ChipsProps {
  readonly node: FieldNode | undefined;
  /** Flags shown even when clear, in this order before the others. */
  readonly always?: readonly string[];
}

const isFlag = (part: FieldNode): boolean => part.note?.startsWith('bit ') === true;
const isSet = (part: FieldNode): boolean => part.value !== 0 && part.value !== 0n;

/** The parts of a register that are not 0, highest first. */
export const setParts = (node: FieldNode | undefined): FieldNode[] =>
  (node?.children ?? []).toReversed().filter((part) => isSet(part));
export const partText = (part: FieldNode): string => (isFlag(part) ? part.name : `${part.name} ${part.text}`);

/** The bits that are set, by name, highest first; wider parts with their value. */
export function Chips({ node, always = [] }: ChipsProps): React.ReactNode {
  const parts = (node?.children ?? []).toReversed();
  const fixed = always.map((name) => parts.find((part) => part.name === name)).filter((part) => part !== undefined);
  const shown = [...fixed, ...parts.filter((part) => isSet(part) && !always.includes(part.name))];
  if (shown.length === 0) return undefined;
  return (
    <span className={styles['chips']}>
      {shown.map((part) => (
        <span
          key={part.name}
          className={`bit ${isSet(part) ? '' : 'off'}`}
          title={[part.doc, part.note, isSet(part) ? 'set' : 'clear'].filter((word) => word !== undefined).join(', ')}
        >
          {partText(part)}
          {!isSet(part) && <span className="sr"> clear</span>}
        </span>
      ))}
    </span>
  );
}

interface RegisterProps {
  readonly name: string;
  readonly node: FieldNode | undefined;
  readonly digits?: number;
  readonly children?: React.ReactNode;
}

/** One register in its row: name, value, and what it means. */
export function Register({ name, node, digits, children }: RegisterProps): React.ReactNode {
  return (
    <div className={styles['register']}>
      <dt>{name}</dt>
      <dd>
        <Value node={node} {...(digits === undefined ? {} : { digits })} />
        <TargetLink node={node} stop />
        {children}
      </dd>
    </div>
  );
}

export function Section(props: {
  readonly title: string;
  readonly note?: string;
  readonly children: React.ReactNode;
}): React.ReactNode {
  return (
    <section className={styles['section']}>
      <h2>
        {props.title}
        {props.note !== undefined && <span className="cap">{props.note}</span>}
      </h2>
      {props.children}
    </section>
  );
}
