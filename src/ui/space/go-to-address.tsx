/** A box to type a linear address into. */
import { hex0x } from '../../lib/text';
import { goToAddress } from '../../state/actions';
import { parseTargets } from '../../state/goto';
import { GoToBox } from '../shared/go-to-box';

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
  return (
    <GoToBox
      placeholder="Address, vcpu:1"
      label="Go to a virtual address, in hex"
      read={(text) => {
        const found = parsed(text);
        if (!found) return { text: 'Not an address of up to 64 bits, in hex' };
        const { va, vcpu } = found;
        if (vcpu !== undefined && !vcpus.includes(vcpu)) return { text: `No registers of vCPU ${vcpu}` };
        const of = vcpu === undefined ? '' : ` of vCPU ${vcpu}`;
        return { text: `Address ${hex0x(va)}${of}`, go: () => goToAddress(va, vcpu) };
      }}
    />
  );
}
