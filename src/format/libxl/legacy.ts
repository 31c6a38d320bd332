/** What stands where a libxl stream should, if the stream is in the format of Xen 4.5 and older. */
import { hex } from '../../lib/text';

/** More pages than any guest has; a legacy stream starts with their number, little-endian. */
const PAGES_MAX = 2n ** 36n;

/** Tells whether eight bytes, read big-endian, may start a legacy stream: its p2m_size. */
export function startsLegacy(ident: bigint): boolean {
  const bytes = hex(ident, 16).match(/../gu) ?? [];
  const pages = BigInt(`0x${bytes.toReversed().join('')}`);
  return pages > 0n && pages < PAGES_MAX;
}
