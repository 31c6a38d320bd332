/** Bits of a register as labelled chips. Each says what it means, and leads to the register's bytes. */
import { useState } from 'react';
import { type FieldNode, isFlag, noteOf, saysNothing } from '../../format/kit/node';
import { counted } from '../../lib/text';
import { useDifference } from './compare';
import { showBytes } from '../shared/focus-bytes';
import { DifferenceMark, lines } from './value';
import { useFile } from '../shared/use-file';
import styles from './registers.module.css';

const isSet = (part: FieldNode): boolean => part.value !== 0 && part.value !== 0n;

/** The named parts, highest first. */
const partsOf = (node: FieldNode | undefined): FieldNode[] =>
  (node?.children ?? []).filter((part) => !saysNothing(part)).toReversed();

/** Returns the parts of a register that are not 0, highest first. */
export const setParts = (node: FieldNode | undefined): FieldNode[] => partsOf(node).filter((part) => isSet(part));

/** Says a bit and its value: `IF`, `IOPL 3`, `DLM fixed`. */
export function partText(part: FieldNode): string {
  if (isFlag(part)) return part.name;
  return `${part.name} ${part.note ?? part.text}`;
}

interface ChipProps {
  readonly part: FieldNode;
  readonly shown: boolean;
  readonly word?: string | undefined;
}

function Chip({ part, shown, word }: ChipProps): React.ReactNode {
  const file = useFile();
  const difference = useDifference(part);
  // One that the other vCPU has and this one does not is worth a place.
  if (!shown && !difference) return undefined;
  const set = isSet(part);
  const state = isFlag(part) ? (set ? 'set' : 'clear') : undefined;
  const { other } = difference ?? {};
  const differs =
    other && `≠ vCPU ${difference?.id}: ${isFlag(part) ? (isSet(other) ? 'set' : 'clear') : partText(other)}`;
  return (
    <button
      type="button"
      className={`bit ${set ? '' : 'off'} ${styles['chip']} ${part.problem === undefined ? '' : styles['wrong']}`}
      data-stop
      tabIndex={-1}
      data-tip={lines(part.name, part.doc, lines(noteOf(part), state).replace('\n', ', '), part.problem, differs)}
      data-differs={differs === undefined ? undefined : ''}
      onClick={() => showBytes(file, part)}
    >
      {differs !== undefined && <DifferenceMark />}
      {partText(part)}
      {word !== undefined && ` ${word}`}
      {!set && <span className="sr"> clear</span>}
      {differs !== undefined && <span className="sr"> {differs}</span>}
    </button>
  );
}

interface ChipsProps {
  readonly node: FieldNode | undefined;
  /** Flags shown even when clear, in this order before the others. */
  readonly always?: readonly string[];
  /** Offers the clear bits too. */
  readonly more?: boolean;
  /** A word more on a bit. */
  readonly says?: (part: FieldNode) => string | undefined;
}

/** Whether a bit says something: one that speaks by being clear counts as a clear one when it is set. */
const speaks = (part: FieldNode): boolean => isSet(part) !== (part.quiet ?? false);

/** Shows the bits of a register that are set, by name, highest first; wider parts with their value. */
export function Chips({ node, always = [], more = false, says }: ChipsProps): React.ReactNode {
  const [all, setAll] = useState(false);
  const parts = partsOf(node);
  if (parts.length === 0) return undefined;
  const first = always.map((name) => parts.find((part) => part.name === name)).filter((part) => part !== undefined);
  const rest = parts.filter((part) => !always.includes(part.name));
  const clear = rest.filter((part) => !speaks(part)).length;
  return (
    <span className={styles['chips']}>
      {first.map((part) => (
        <Chip key={part.name} part={part} shown word={says?.(part)} />
      ))}
      {rest.map((part) => (
        <Chip key={part.name} part={part} shown={all || speaks(part)} word={says?.(part)} />
      ))}
      {more && clear > 0 && (
        <button
          type="button"
          className={styles['more']}
          data-stop
          tabIndex={-1}
          aria-expanded={all}
          aria-label={`${counted(clear, 'clear bit')} of ${node?.name}`}
          data-tip={all ? 'Hide the clear bits' : `Show ${counted(clear, 'clear bit')}`}
          onClick={() => setAll(!all)}
        >
          {all ? '−' : `+${clear}`}
        </button>
      )}
    </span>
  );
}

/** Shows a register's own word on its value. */
export const Note = ({ node }: { readonly node: FieldNode | undefined }): React.ReactNode =>
  node?.note === undefined ? undefined : <span>{node.note}</span>;
