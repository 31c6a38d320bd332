/** The words on the stack, each with what it may be. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { counted, hex, hex0x } from '../../../lib/text';
import type { CodeView, NamedWord } from '../../../memory/code/code-view';
import { goToAddress } from '../../../state/actions';
import { showBytes } from '../../shared/focus-bytes';
import { Section } from '../value';
import { Digits } from '../../shared/digits';
import { shortAddress, Stop, upperHalf } from './address';
import { useFile } from '../../shared/use-file';
import styles from './code.module.css';

/** Words shown at first, and how many more each time. */
const FEW = 10;
const MORE = 64;

interface Props {
  readonly view: CodeView;
  /** Name of the stack pointer. */
  readonly pointer: string;
  readonly id: number;
  readonly onAt: (va: bigint) => void;
}

/** Shows the words on the stack, each with what it may be: a return address, code, memory, or a number. */
export function StackSection({ view, pointer, id, onAt }: Props): React.ReactNode {
  const file = useFile();
  const [count, setCount] = useState(FEW);
  const { sp, word, stack } = view;
  const rest = stack.words.length - count;
  return (
    <Section named title="Stack" note={[upperHalf(sp), pointer].filter((part) => part !== undefined).join(' › ')}>
      <ul aria-label={`Words from ${hex0x(sp)} on`}>
        {stack.words.slice(0, count).map((one, index) => (
          <li key={String(one.at)} className={styles['word']}>
            <span className={styles['mark']}>{index === 0 && <ChevronRight size={12} aria-hidden />}</span>
            <Stop
              className={styles['address']}
              tip={`${hex0x(one.at)}\nBytes at ${hex0x(one.offset)}`}
              onClick={() => showBytes(file, { offset: one.offset, length: word })}
            >
              {shortAddress(one.at)}
            </Stop>
            <Digits value={one.value} digits={word * 2} />
            <Meaning {...{ one, word, id, onAt }} />
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Stop className={`link ${styles['more']}`} tip="Show more of the stack" onClick={() => setCount(count + MORE)}>
          {counted(rest, 'more word')}
        </Stop>
      )}
      {stack.reason !== undefined && <p className={styles['none']}>Ends here: {stack.reason}</p>}
    </Section>
  );
}

interface MeaningProps {
  readonly one: NamedWord;
  readonly word: number;
  readonly id: number;
  readonly onAt: (va: bigint) => void;
}

/** Printable characters a word is made of: part of a text. */
function textOf(value: bigint, word: number): string | undefined {
  let text = '';
  for (let at = 0; at < word; at++) text += String.fromCharCode(Number((value >> BigInt(at * 8)) & 0xffn));
  return word >= 4 && /^[ -~]+$/u.test(text) ? `“${text}”` : undefined;
}

function Meaning({ one, word, id, onAt }: MeaningProps): React.ReactNode {
  const file = useFile();
  const { kind, value, name, called, calledName } = one;
  switch (kind) {
    case 'return': {
      const by = called === undefined ? 'an indirect call' : `call ${calledName ?? hex0x(called)}`;
      return (
        <Stop
          className={styles['meaning']}
          tip={`Return address: behind ${by}\nShow the code`}
          onClick={() => onAt(value)}
        >
          return to {name ?? shortAddress(value)}
        </Stop>
      );
    }
    case 'code':
      return (
        <Stop
          className={`${styles['meaning']} ${styles['weak']}`}
          tip={`${hex0x(value)} is in code, but no call ends there\nShow the code`}
          onClick={() => onAt(value)}
        >
          {name ?? 'code'}
        </Stop>
      );
    case 'stack':
    case 'memory':
      return (
        <Stop
          className={`${styles['meaning']} ${styles['weak']}`}
          tip={`Show the bytes at ${hex0x(value)}`}
          onClick={() => goToAddress(file, value, id)}
        >
          {name ?? (kind === 'stack' ? `stack ${hex(value & 0xffffn)}` : 'memory')}
        </Stop>
      );
    case 'number':
      return <span className={styles['weak']}>{textOf(value, word)}</span>;
  }
}
