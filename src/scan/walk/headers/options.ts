/** Option bits, which both streams have in their header. */
import { hex0x } from '../../../lib/text';
import type { WalkState, Where } from '../state';

/** What the option bits of a stream's header say: its byte order, and bits that must not be set. */
export function noteOptions(
  w: WalkState,
  place: Where,
  options: number,
  {
    little,
    known,
  }: { readonly little: boolean; /** Option bits that are defined, from bit 0 on. */ readonly known: number },
): void {
  if (!little) {
    w.image.bigEndian = true;
    w.note('fatal', 'big-endian', place, 'a big-endian stream: Xen refuses it', 'option bit 0 clear', hex0x(options));
  }
  if (options >= 2 ** known) {
    const allowed = known === 1 ? 'bit 0 only' : 'bits 0 and 1 only';
    w.note('note', 'reserved', place, 'reserved option bits are set', allowed, hex0x(options));
  }
}
