/** A box to type a PFN or a guest address into. */
import { memo } from 'react';
import { goToAddress, selectPfn } from '../../../state/actions';
import { vcpuNumbers } from '../../../state/vcpu-of';
import { GoToBox } from '../../shared/go-to-box';
import { parsePage } from './parse-page';

export const GoToPage = memo(function GoToPage({ pfns }: { readonly pfns: number }): React.ReactNode {
  return (
    <GoToBox
      placeholder="PFN or address"
      label="Go to PFN or guest address, in hex"
      read={(text) => {
        const parsed = parsePage(text, pfns);
        if ('problem' in parsed) return { text: parsed.problem };
        if ('pfn' in parsed) return { text: parsed.reading, go: () => selectPfn(parsed.pfn) };
        return vcpuNumbers().length === 0
          ? { text: 'A virtual address, and no VCPU whose page tables say where it leads' }
          : { text: 'A virtual address: Enter opens it in Virtual', go: () => goToAddress(parsed.va) };
      }}
    />
  );
});
