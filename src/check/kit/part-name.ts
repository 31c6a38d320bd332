/** Names what a place within a record belongs to: an entry of the HVM context, or the vCPU that the record is about. */
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { hvmTypeName, isPerVcpu } from '../../format/hvm/types';
import type { ImageInfo } from '../../scan/image';
import type { Span } from '../../lib/range';

/** Returns an entry's name: `CPU of vCPU 0`, `MTRR of vCPU 1`, `PIT of instance 0` */
export const entryName = (typecode: number, instance: number): string =>
  `${hvmTypeName(typecode)} of ${isPerVcpu(typecode) ? 'vCPU' : 'instance'} ${instance}`;

/**
 * Returns the name of what a place belongs to within its record; undefined for a record that has no such parts. `vcpu`:
 * that of the record, −1 where it is of none.
 */
export function partName(image: Pick<ImageInfo, 'context'>, place: Span, vcpu: number): string | undefined {
  const entry = image.context.find(
    ({ offset, length }) =>
      place.offset >= offset && place.offset + place.length <= offset + HVM_DESCRIPTOR_SIZE + length,
  );
  if (entry) return entryName(entry.typecode, entry.instance);
  return vcpu < 0 ? undefined : `vCPU ${vcpu}`;
}
