/** A box to type a PFN or an address into. */
import { memo } from 'react';
import { goToAddress, selectPfn } from '../../../state/actions';
import { GoToBox } from '../../shared/go-to-box';
import { isNarrow, narrowProblem, useIsNarrow, useVcpuNumbers } from '../../space/use-space';
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
      isLooking={narrow.state === 'loading'}
      read={(text) => {
        const parsed = parsePage(text, pfns, isNarrow(narrow));
        if ('problem' in parsed) return { text: [parsed.problem, narrowProblem(narrow)].filter(Boolean).join('. ') };
        const { reading } = parsed;
        if ('pfn' in parsed) return { text: reading, go: () => selectPfn(file, parsed.pfn) };
        return hasVcpu
          ? { text: `${reading}, which Enter opens in Virtual`, go: () => goToAddress(file, parsed.va) }
          : { text: `${reading}, and no vCPU whose page tables say where it leads` };
      }}
    />
  );
});
