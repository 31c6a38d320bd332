/** A box to type a PFN or a guest address into. */
import { selectPfn } from '../../state/actions';
import { GoToBox } from '../shared/go-to-box';
import { parsePage } from './parse-page';

export function GoToPage({ pfns }: { readonly pfns: number }): React.ReactNode {
  return (
    <GoToBox
      placeholder="PFN or guest address"
      label="Go to PFN or guest address, in hex"
      read={(text) => {
        const parsed = parsePage(text, pfns);
        return 'problem' in parsed
          ? { text: parsed.problem }
          : { text: parsed.reading, go: () => selectPfn(parsed.pfn) };
      }}
    />
  );
}
