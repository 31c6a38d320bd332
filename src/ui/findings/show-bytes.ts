/** From a finding to its bytes. */
import { goToOffset } from '../../state/actions';

export function showBytesOf({ offset, length }: { readonly offset: number; readonly length: number }): void {
  goToOffset(offset, Math.max(1, length));
}
