/** From a finding to its bytes. */
import { goToOffset } from '../../state/actions';
import { useApp } from '../../state/store';

/** Of what lies behind the end of the file, the last byte that is there. */
export function showBytesOf({ offset, length }: { readonly offset: number; readonly length: number }): void {
  const size = useApp.getState().file?.size ?? 0;
  goToOffset(Math.max(0, Math.min(offset, size - 1)), Math.max(1, length));
}
