/** A box to type a linear address into. */
import { useId, useState } from 'react';
import { hex0x } from '../../lib/text';
import { goToAddress } from '../../state/actions';
import { parseTargets } from '../../state/goto';
import { FindBox } from '../shared/find-box';
import styles from './space.module.css';

interface Parsed {
  readonly va: bigint;
  readonly vcpu?: number;
}

/** In this box a number is an address, whatever it could be elsewhere. */
function parsed(text: string): Parsed | undefined {
  const bare = text.trim().replace(/^va[:\s]\s*/iu, '');
  const [target] = parseTargets(`va:${bare}`);
  return target?.kind === 'va' ? target : undefined;
}

export function GoToAddress({ vcpus }: { readonly vcpus: readonly number[] }): React.ReactNode {
  const [text, setText] = useState('');
  const id = useId();
  const found = parsed(text);
  const known = found?.vcpu === undefined || vcpus.includes(found.vcpu);
  const wrong = text.trim() !== '' && (!found || !known);
  const reading =
    text.trim() === ''
      ? ''
      : !found
        ? 'Not an address of up to 64 bits, in hex'
        : known
          ? `Address ${hex0x(found.va)}${found.vcpu === undefined ? '' : ` of vCPU ${found.vcpu}`}`
          : `No registers of vCPU ${found.vcpu}`;
  return (
    <div className={styles['goto']}>
      <FindBox
        value={text}
        onChange={setText}
        placeholder="Address, vcpu:1"
        label="Go to a virtual address, in hex"
        describedBy={id}
        invalid={wrong}
        onEnter={() => {
          if (found && known) goToAddress(found.va, found.vcpu);
        }}
      />
      <p id={id} className={`${styles['reading']} ${wrong ? styles['wrong'] : ''}`} role="status">
        {reading}
      </p>
    </div>
  );
}
