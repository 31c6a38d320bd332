/** Addresses in the columns of code and stack. */
import { hex } from '../../../lib/text';

/** Returns the lower half of an address: it is enough to tell the rows of a column apart; its head has the upper one. */
export const shortAddress = (va: bigint): string =>
  hex(va > 0xffff_ffffn ? va & 0xffff_ffffn : va, va > 0xffff_ffffn ? 8 : 0);

/** Shows the upper half, `ffffffff…`, of an address of which the column shows the lower half only. */
export const upperHalf = (va: bigint): string | undefined => (va > 0xffff_ffffn ? `${hex(va >> 32n)}…` : undefined);

interface StopProps {
  readonly className?: string | undefined;
  readonly tip: string;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

/** Shows a button that is one of many in the group of the view. */
export function Stop({ className = '', tip, onClick, children }: StopProps): React.ReactNode {
  return (
    <button type="button" className={className} data-stop tabIndex={-1} data-tip={tip} onClick={onClick}>
      {children}
    </button>
  );
}
