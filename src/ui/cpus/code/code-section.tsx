/** Instructions around the next one, or around another address that was followed. */
import { ChevronRight, Undo2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { hex, hex0x, hexBytes } from '../../../lib/text';
import { type CodeView, type FoldedLine, foldPadding, type NamedLine } from '../../../memory/code/code-view';
import { goToAddress } from '../../../state/actions';
import { showBytes } from '../../shared/focus-bytes';
import { Section } from '../value';
import { shortAddress, Stop, upperHalf } from './address';
import type { Answer } from '../../shared/use-answer';
import { useFile } from '../../shared/use-file';
import styles from './code.module.css';

interface Props {
  readonly view: CodeView;
  /** Name of the instruction pointer. */
  readonly pointer: string;
  /** Number of the vCPU. */
  readonly id: number;
  /** Where else to look, and the code there. */
  readonly at: bigint | undefined;
  readonly there: Answer<readonly NamedLine[]>;
  readonly onAt: (va: bigint | undefined) => void;
}

/** Shows the instructions around the next one, or around another address that was followed. */
export function CodeSection({ view, pointer, id, at, there, onAt }: Props): React.ReactNode {
  const section = useRef<HTMLElement>(null);
  // What was followed may have been far below.
  useEffect(() => {
    if (at !== undefined) section.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const { ip, code, name, walk } = view;
  const marked = at ?? ip;
  const lines = at === undefined ? code : there.state === 'ready' ? there.value : undefined;
  const reason = lines !== undefined && 'reason' in lines ? lines.reason : there.state === 'failed' ? there.reason : '';
  const list = lines !== undefined && !('reason' in lines) ? lines : undefined;
  const where = walk.page === undefined ? undefined : `PFN ${hex(walk.page.pfn)} › ${pointer}`;
  return (
    <Section
      ref={section}
      named
      title="Code"
      note={
        <>
          {upperHalf(marked)}{' '}
          {at === undefined ? (
            where
          ) : (
            <Stop className="link" tip={`Back to the next instruction, ${hex0x(ip)}`} onClick={() => onAt(undefined)}>
              <Undo2 size={11} aria-hidden /> back to {pointer}
            </Stop>
          )}
        </>
      }
    >
      {at === undefined && name !== undefined && <p className={styles['name']}>{name}</p>}
      {list ? (
        <ul aria-label={`Instructions around ${hex0x(marked)}`}>
          {foldPadding(list, marked).map((folded) => (
            <Line key={String(folded.line.va)} folded={folded} {...{ marked, id, onAt }} isNext={at === undefined} />
          ))}
        </ul>
      ) : (
        reason !== '' && (
          <p className={styles['none']}>
            No bytes at {hex0x(marked)}: {reason}
          </p>
        )
      )}
    </Section>
  );
}

/** Bytes of an instruction that there is room for. */
const ROOM = 5;

interface LineProps {
  readonly folded: FoldedLine;
  readonly marked: bigint;
  readonly isNext: boolean;
  readonly id: number;
  readonly onAt: (va: bigint) => void;
}

function Line({ folded: { line, times }, marked, isNext, id, onAt }: LineProps): React.ReactNode {
  const file = useFile();
  const { va, bytes, text, offset, label, leads, leadsName } = line;
  const all = hexBytes(bytes, ' ');
  const short = bytes.length > ROOM ? `${hexBytes(bytes.subarray(0, ROOM - 1), ' ')} …` : all;
  const more = times > 1 ? ` × ${times}` : '';
  const isCode = leads !== undefined && /^(?:call|j|loop|xbegin)/u.test(text);
  return (
    <>
      {label !== undefined && <li className={styles['label']}>{label}:</li>}
      <li className={styles['line']} {...(va === marked ? { 'data-here': '' } : {})}>
        <span className={styles['mark']}>
          {va === marked && (
            <>
              <ChevronRight size={12} aria-hidden />
              <span className="sr">{isNext ? 'next instruction' : 'followed here'}</span>
            </>
          )}
        </span>
        <Stop
          className={styles['address']}
          tip={`${hex0x(va)}\n${all}\n${text}\nBytes at ${hex0x(offset)}`}
          onClick={() => showBytes(file, { offset, length: bytes.length })}
        >
          {shortAddress(va)}
        </Stop>
        <span className={styles['bytes']}>{short}</span>
        <span className={styles['text']}>
          {leads === undefined ? (
            text + more
          ) : (
            <Stop
              className={styles['leads']}
              tip={`${text}\n${leadsName ?? ''}\n${isCode ? 'Show the code' : 'Show the bytes'} at ${hex0x(leads)}`}
              onClick={() => (isCode ? onAt(leads) : goToAddress(file, leads, id))}
            >
              {leadsName === undefined ? text : `${text.split(' ')[0]} ${leadsName}`}
            </Stop>
          )}
        </span>
      </li>
    </>
  );
}
