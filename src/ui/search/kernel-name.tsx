/** What the kernel calls the place of a hit, and where it has it. */
import { hex0x } from '../../lib/text';
import type { Hit } from '../../memory/search/hit';
import type { SymbolsInfo } from '../../memory/kernel/fit';
import { kernelAddressOf } from '../../state/kernel-addresses';
import { useAnswer } from '../shared/use-answer';
import { useFile } from '../shared/use-file';
import styles from './search.module.css';

interface Props {
  readonly hit: Hit;
  readonly info: SymbolsInfo;
}

/**
 * Shows what the kernel calls the place of a hit, or its virtual address where that has no name; nothing where neither
 * is known.
 */
export function KernelName({ hit, info }: Props): React.ReactNode {
  const file = useFile();
  // The page tables are those of the end: where an older copy was then mapped they do not say.
  const page = hit.older ? undefined : hit.page;
  const asked = useAnswer(hit, page && (() => kernelAddressOf(file, info, page)), { again: info });
  if (!page) return <span />;
  if (asked.state === 'failed') {
    return (
      <span className={`ell ${styles['bad']}`} title={asked.reason}>
        name not readable
      </span>
    );
  }
  const address = asked.state === 'ready' ? asked.value : undefined;
  if (!address) return <span />;
  const { name } = address;
  const va = hex0x(address.va);
  return (
    <span className={`mono ell ${styles['name']}`} title={name === undefined ? va : `${name}\n${va}`}>
      {name ?? va}
      {name !== undefined && <span className="sr"> at {va}</span>}
    </span>
  );
}
