/** A box to type a linear address into, or the name of a symbol. */
import { useState } from 'react';
import { counted, hex0x } from '../../lib/text';
import { goToAddress } from '../../state/actions';
import { parseDestinations } from '../../state/goto';
import { GoToBox } from '../shared/go-to-box';
import { useSymbolsNamed } from '../shared/use-symbols-named';
import { useFile, useSymbols } from '../shared/use-file';

interface Parsed {
  readonly va: bigint;
  readonly vcpu?: number;
}

/**
 * Returns the address that the text means, or undefined; in this box a number is an address, whatever it could be
 * elsewhere.
 */
function parsed(text: string): Parsed | undefined {
  const bare = text.trim().replace(/^va[:\s]\s*/iu, '');
  const [destination] = parseDestinations(`va:${bare}`);
  return destination?.kind === 'va' ? destination : undefined;
}

function notFound(named: boolean, offered: number): string {
  if (!named) return 'Not an address of up to 64 bits, in hex';
  return offered > 0 ? `${counted(offered, 'symbol starts', 'symbols start')} so` : 'Neither an address nor a symbol';
}

/** Shows a box to go to a virtual address, or to a symbol by its name where there are symbols. */
export function GoToAddress({ vcpus }: { readonly vcpus: readonly number[] }): React.ReactNode {
  const file = useFile();
  const [typed, setTyped] = useState('');
  const { symbols, isLooking, problem } = useSymbolsNamed(typed);
  const named = useSymbols() !== undefined;
  return (
    <GoToBox
      placeholder={named ? 'Address or symbol' : 'Address, vcpu:1'}
      label={`Go to a virtual address, in hex${named ? ', or to a symbol' : ''}`}
      onText={setTyped}
      isLooking={isLooking}
      offers={[...new Set(symbols.map(({ title }) => title))]}
      read={(text) => {
        // A name typed in full goes before a number without 0x: `add` is both.
        const symbol = symbols.find(({ exact }) => exact);
        const found = symbol ?? parsed(text);
        if (!found) return { text: problem ?? notFound(named, symbols.length) };
        const { va, vcpu } = found;
        if (vcpu !== undefined && !vcpus.includes(vcpu)) return { text: `No registers of vCPU ${vcpu}` };
        const of = vcpu === undefined ? '' : ` of vCPU ${vcpu}`;
        return {
          text: `${symbol ? `${symbol.title} at` : 'Address'} ${hex0x(va)}${of}`,
          go: () => goToAddress(file, va, vcpu),
        };
      }}
    />
  );
}
