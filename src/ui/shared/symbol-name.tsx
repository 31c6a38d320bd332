/** What an address is called, where symbols are known. */
import { useEffect, useState } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { useFile, useSymbols } from './use-file';
import styles from './symbol-name.module.css';

/** Kernels are in the upper half, from here on; of 32-bit ones only what is known to be an address is asked about. */
const UPPER_HALF = 0xffff_8000_0000_0000n;

function addressOf(node: FieldNode | undefined): bigint | undefined {
  if (node?.target?.space === 'va' && node.target.maybe !== true) return node.target.at;
  return typeof node?.value === 'bigint' && node.value >= UPPER_HALF ? node.value : undefined;
}

/** `xen_suspend+0x80`; undefined without symbols, and for what is none's. */
export function useSymbolName(va: bigint | undefined): string | undefined {
  const file = useFile();
  const known = useSymbols();
  const [found, setFound] = useState<{ readonly va: bigint; readonly known: unknown; readonly name: string }>();
  useEffect(() => {
    let wanted = true;
    if (va === undefined || known === undefined) return undefined;
    file.request('names', { addresses: [va] }).then(
      ({ names: [name] }) => wanted && name !== undefined && setFound({ va, known, name }),
      // The file was closed: there is nothing to name any more.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [va, known]);
  return found?.va === va && found?.known === known ? found?.name : undefined;
}

const NO_NAMES: ReadonlyMap<bigint, string> = new Map();

/** Names of many addresses at once. */
export function useSymbolNames(addresses: readonly bigint[]): ReadonlyMap<bigint, string> {
  const file = useFile();
  const known = useSymbols();
  const [found, setFound] = useState<{ readonly known: unknown; readonly names: ReadonlyMap<bigint, string> }>();
  const key = addresses.join(' ');
  useEffect(() => {
    let isWanted = true;
    if (known === undefined || addresses.length === 0) return undefined;
    file.request('names', { addresses }).then(
      ({ names }) => {
        const named = new Map<bigint, string>();
        for (const [index, name] of names.entries()) {
          const va = addresses[index];
          if (va !== undefined && name !== undefined) named.set(va, name);
        }
        if (isWanted) setFound({ known, names: named });
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
    // `key` stands for the addresses. Names stay until those of other addresses have come.
  }, [key, known]);
  return found && found.known === known ? found.names : NO_NAMES;
}

export function SymbolName({ node }: { readonly node: FieldNode | undefined }): React.ReactNode {
  const name = useSymbolName(addressOf(node));
  return name !== undefined && <span className={styles['name']}>{name}</span>;
}
