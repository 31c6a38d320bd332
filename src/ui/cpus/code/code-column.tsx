/** What a vCPU is at: code, stack, callers, and how its next instruction is found. */
import { useState } from 'react';
import { registerNames } from '../summary';
import type { VcpuFields } from '../../../memory/vcpus/registers';
import { CodeSection } from './code-section';
import { StackSection } from './stack-section';
import { SymbolsSection } from './symbols-section';
import { TraceSection } from './trace-section';
import { useCode, useCodeAt } from './use-code';
import { WalkSection } from './walk-section';
import { useSymbols } from '../../shared/use-file';
import styles from './code.module.css';

interface Props {
  readonly id: number;
  readonly vcpu: VcpuFields;
}

/**
 * Shows what a vCPU is at: code, stack, callers, and how its next instruction is found; or why that could not be read.
 */
export function CodeColumn({ id, vcpu }: Props): React.ReactNode {
  const where = { id, record: vcpu.record };
  const named = useSymbols() !== undefined;
  const [followed, setFollowed] = useState<{ readonly id: number; readonly at: bigint }>();
  const at = followed?.id === id ? followed.at : undefined;
  const onAt = (va: bigint | undefined): void => setFollowed(va === undefined ? undefined : { id, at: va });
  const loaded = useCode(where);
  const there = useCodeAt(where, at);
  if (loaded.state === 'loading') return <div aria-busy="true" className={styles['loading']} />;
  if (loaded.state === 'failed')
    return (
      <p className={styles['none']} role="alert">
        Code and stack could not be read: {loaded.reason}
      </p>
    );
  const view = loaded.value;
  // Where to have names from is looked for where they would stand.
  const { pointer, stack } = registerNames(vcpu);
  return (
    <>
      <CodeSection {...{ view, pointer, id, at, there, onAt }} />
      {!named && <SymbolsSection />}
      <StackSection key={id} {...{ view, id, onAt }} pointer={stack} />
      <TraceSection {...{ view, onAt }} />
      <WalkSection {...{ view, pointer }} />
      {named && <SymbolsSection />}
    </>
  );
}
