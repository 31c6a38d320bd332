/** Who called: by frame pointers, or all on the stack that may be an address to return to. */
import { useState } from 'react';
import { hex, hex0x } from '../../../lib/text';
import type { CodeView, NamedCall } from '../../../memory/code/code-view';
import { shortAddress, Stop } from './address';
import { Section } from '../value';
import styles from './code.module.css';

interface Props {
  readonly view: CodeView;
  readonly onAt: (va: bigint | undefined) => void;
}

/** Shows the callers of the next instruction, found by frame pointers or by scanning the stack for return addresses. */
export function TraceSection({ view, onAt }: Props): React.ReactNode {
  const { ip, name, frames, scanned } = view;
  const [byFrames, setByFrames] = useState(false);
  const hasFrames = frames.length > 0;
  const calls = hasFrames && byFrames ? frames : scanned;
  return (
    <Section
      named
      title="Call trace"
      note={
        hasFrames ? (
          <Stop
            className="link cap"
            tip="Frames are linked by the frame pointer; a scan takes all on the stack that looks like a return address"
            onClick={() => setByFrames(!byFrames)}
          >
            {byFrames ? 'by frame pointer' : 'by scanning the stack'}
          </Stop>
        ) : (
          'by scanning the stack'
        )
      }
    >
      <ol className={styles['trace']}>
        <li>
          <span className={styles['at']} />
          <Stop className={styles['call']} tip="Show the next instruction" onClick={() => onAt(undefined)}>
            {name ?? hex(ip)}
          </Stop>
        </li>
        {calls.map((call) => (
          <Entry key={String(call.at)} call={call} onAt={onAt} />
        ))}
      </ol>
    </Section>
  );
}

function Entry({ call, onAt }: { readonly call: NamedCall; readonly onAt: (va: bigint) => void }): React.ReactNode {
  const { at, address, follows, name } = call;
  const doubt = 'No call ends there: likely not a caller';
  return (
    <li {...(follows ? {} : { 'data-doubt': '' })}>
      <span className={styles['at']}>{shortAddress(at)}</span>
      <Stop
        className={styles['call']}
        tip={`${hex0x(address)}, at ${hex0x(at)} on the stack${follows ? '' : `\n${doubt}`}\nShow the code`}
        onClick={() => onAt(address)}
      >
        {follows ? '' : '? '}
        {name ?? hex(address)}
      </Stop>
    </li>
  );
}
