/** Elements of a field's long array, as far as their bytes are loaded. */
import { PAGE_SIZE } from '../../format/page';
import type { FieldNode, ItemsView } from '../../format/kit/node';
import type { Bytes } from '../../source/cached';

/** Returns one element: decoded, on its way, or with the reason why it could not be read. */
export function itemAt(
  bytes: Bytes,
  items: ItemsView,
  index: number,
): FieldNode | 'loading' | { readonly failed: string } {
  // Pages are looked at in the hex view: their bytes are not needed to name them.
  if (items.stride >= PAGE_SIZE) return items.decode(index, new Uint8Array(0));
  const peek = bytes.peek(items.offset + index * items.stride, items.stride);
  if (peek.state === 'loading') return 'loading';
  return peek.state === 'failed' ? { failed: peek.reason } : items.decode(index, peek.bytes);
}
