/** Words on the address space. */
import { grouped, memorySize } from '../../lib/text';
import type { SpaceRow } from '../../memory/space/series';
import type { Trouble } from '../../memory/space/ranges';

export const TROUBLES: Readonly<Record<Trouble, string>> = {
  absent: 'the table is not in the image',
  'wrong-type': 'the table was not saved as one',
  'reserved-bit': 'reserved bits are set',
  xen: 'Xen’s own, left out of the image',
  blanked: 'page tables were blanked with all pages',
};

/** Writes an address with all its digits. */
export const fullAddress = (va: bigint, addressBits: number): string =>
  va.toString(16).padStart(addressBits === 32 ? 8 : 16, '0');

/** Says how large a page is: `4 KiB`, of a series `65 536 × 4 KiB`. */
export const sizeText = ({ length, count }: Pick<SpaceRow, 'length' | 'count'>): string =>
  `${count > 1 ? `${grouped(count)} × ` : ''}${memorySize(length)}`;

/** Says how far apart ranges are: `, every 64 KiB`; empty for a single range. */
export const everyText = ({ count, stride }: Pick<SpaceRow, 'count' | 'stride'>): string =>
  count > 1 ? `, every ${memorySize(stride)}` : '';
