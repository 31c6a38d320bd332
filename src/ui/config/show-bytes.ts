/** From a value to where it stands in the file. */
import type { FieldNode } from '../../format/kit/node';
import { goToOffset } from '../../state/actions';
import { focusBytes } from '../shared/focus-bytes';

export function showBytes({ offset, length }: Pick<FieldNode, 'offset' | 'length'>): void {
  goToOffset(offset, length);
  focusBytes();
}
