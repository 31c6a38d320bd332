/** What an address is called, where symbols are known. */
import { useMemo } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { type Answer, useAnswer } from './use-answer';
import { useFile, useSymbols } from './use-file';
import styles from './symbol-name.module.css';

/** Kernels are in the upper half, from here on; of 32-bit ones only what is known to be an address is asked about. */
const UPPER_HALF = 0xffff_8000_0000_0000n;

function addressOf(node: FieldNode | undefined): bigint | undefined {
  if (node?.leadsTo?.space === 'va' && node.leadsTo.maybe !== true) return node.leadsTo.at;
  return typeof node?.value === 'bigint' && node.value >= UPPER_HALF ? node.value : undefined;
}

type Names = ReadonlyMap<bigint, string>;

/** Asks for the names of addresses, while there are symbols to name them by. */
function useNames(addresses: readonly bigint[], keeps: boolean): Answer<Names> {
  const file = useFile();
  const symbols = useSymbols();
  const text = addresses.join(' ');
  // Of these addresses, by these symbols.
  const key = useMemo(() => ({ text, symbols }), [text, symbols]);
  const ask = async (): Promise<Names> => {
    const { names } = await file.request('names', { addresses });
    return new Map(
      addresses.flatMap((va, index) => {
        const name = names[index];
        return name === undefined ? [] : [[va, name] as const];
      }),
    );
  };
  return useAnswer(key, symbols && addresses.length > 0 ? ask : undefined, { keeps, again: symbols });
}

/** Said in the place of a name that could not be looked up. */
const notKnown = (reason: string): string => `name not known: ${reason}`;

/** Names an address: `xen_suspend+0x80`, or why that could not be looked up; undefined without symbols, and for what is none's. */
export function useSymbolName(va: bigint | undefined): string | undefined {
  const asked = useNames(va === undefined ? [] : [va], false);
  if (va === undefined || asked.state === 'loading') return undefined;
  return asked.state === 'failed' ? notKnown(asked.reason) : asked.value.get(va);
}

const NO_NAMES: Names = new Map();

/** Returns the names of many addresses at once. They stay until those of other addresses have come. */
export function useSymbolNames(addresses: readonly bigint[]): Names {
  const asked = useNames(addresses, true);
  const isNamed = useSymbols() !== undefined;
  const failure = asked.state === 'failed' ? asked.reason : undefined;
  const text = addresses.join(' ');
  const failed = useMemo(
    () => (failure === undefined ? NO_NAMES : new Map(text.split(' ').map((va) => [BigInt(va), notKnown(failure)]))),
    [failure, text],
  );
  if (!isNamed) return NO_NAMES;
  return asked.state === 'ready' ? asked.value : failed;
}

/** Shows the name of the address that a field holds, if it has one. */
export function SymbolName({ node }: { readonly node: FieldNode | undefined }): React.ReactNode {
  const name = useSymbolName(addressOf(node));
  return name !== undefined && <span className={styles['name']}>{name}</span>;
}
