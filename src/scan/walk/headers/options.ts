/** Option bits, which both streams have in their header. */
import { hex0x } from '../../../lib/text';
import type { WalkState, Where } from '../state';

/** Notes what the option bits of a stream's header say: a byte order that Xen refuses, and bits that must not be set. */
export function noteOptions(
  w: WalkState,
  place: Where,
  options: number,
  {
    little,
    defined,
  }: { readonly little: boolean; /** Mask of the option bits that are defined. */ readonly defined: number },
): void {
  if (!little) {
    w.image.bigEndian = true;
    w.note('fatal', 'big-endian', place, 'a big-endian stream: Xen refuses it', 'option bit 0 clear', hex0x(options));
  }
  if ((options & ~defined) !== 0) {
    const allowed = defined === 1 ? 'bit 0 only' : 'bits 0 and 1 only';
    w.note('note', 'reserved', place, 'reserved option bits are set', allowed, hex0x(options));
  }
}
