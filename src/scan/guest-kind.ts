/** What kind of guest an image holds, by what Xen saves of it. */
import { HvmType } from '../format/hvm/types';
import { DomainType } from '../format/libxc/headers';
import type { ImageInfo } from './image';

/** Tells whether the image has the state of an emulated PC: Xen saves a PIC of each HVM guest, and none of a PVH guest. */
export const hasEmulatedPc = ({ context }: Pick<ImageInfo, 'context'>): boolean =>
  context.some(({ typecode }) => typecode === HvmType.PIC);

/** Returns the kind of guest; an HVM guest until a context without an emulated PC is seen. */
export function guestKind(image: Pick<ImageInfo, 'context' | 'domainType'>): 'pv' | 'pvh' | 'hvm' | undefined {
  if (image.domainType === DomainType.X86_PV) return 'pv';
  if (image.domainType !== DomainType.X86_HVM) return undefined;
  return image.context.length > 0 && !hasEmulatedPc(image) ? 'pvh' : 'hvm';
}
