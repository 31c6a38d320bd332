/** A box to type a PFN or an address into. */
import { memo } from 'react';
import { goToAddress, selectPfn } from '../../../state/actions';
import { GoToBox } from '../../shared/go-to-box';
import { useIsNarrow, useVcpuNumbers } from '../../space/use-space';
import { parsePage } from './parse-page';
import { useFile } from '../../shared/use-file';

export const GoToPage = memo(function GoToPage({ pfns }: { readonly pfns: number }): React.ReactNode {
  const file = useFile();
  const hasVcpu = useVcpuNumbers().length > 0;
  const narrow = useIsNarrow();
  return (
    <GoToBox
      placeholder="PFN or address"
      label="Go to PFN or address, in hex"
      isLooking={narrow === undefined}
      read={(text) => {
        const parsed = parsePage(text, pfns, narrow);
        if ('problem' in parsed) return { text: parsed.problem };
        const { reading } = parsed;
        if ('pfn' in parsed) return { text: reading, go: () => selectPfn(file, parsed.pfn) };
        return hasVcpu
          ? { text: `${reading}, which Enter opens in Virtual`, go: () => goToAddress(file, parsed.va) }
          : { text: `${reading}, and no VCPU whose page tables say where it leads` };
      }}
    />
  );
});
