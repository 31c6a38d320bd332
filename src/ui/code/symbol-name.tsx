/** What an address is called, where symbols are known. */
import { useEffect, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { request } from '../../state/session';
import { useApp } from '../../state/store';
import styles from './code.module.css';

/** Kernels are in the upper half, from here on; of 32-bit ones only what is known to be an address is asked about. */
const UPPER_HALF = 0xffff_8000_0000_0000n;

function addressOf(node: FieldNode | undefined): bigint | undefined {
  if (node?.target?.space === 'va') return node.target.at;
  return typeof node?.value === 'bigint' && node.value >= UPPER_HALF ? node.value : undefined;
}

export function SymbolName({ node }: { readonly node: FieldNode | undefined }): React.ReactNode {
  const symbols = useApp((state) => state.symbols);
  const known = symbols.state === 'ready' ? symbols.info : undefined;
  const va = addressOf(node);
  const [found, setFound] = useState<{ readonly va: bigint; readonly known: unknown; readonly name: string }>();
  useEffect(() => {
    let wanted = true;
    if (va === undefined || known === undefined) return undefined;
    request('names', { addresses: [va] }).then(
      ({ names: [name] }) => wanted && name !== undefined && setFound({ va, known, name }),
      // The file was closed: there is nothing to name any more.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [va, known]);
  if (va === undefined || found?.va !== va || found.known !== known) return undefined;
  return <span className={styles['symbol']}>{found.name}</span>;
}
