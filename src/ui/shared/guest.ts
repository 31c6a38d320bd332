/** What kind of guest the image holds, in the few words of the header. */
import { PAGE_SIZE } from '../../format/page';
import { byteSize } from '../../lib/text';
import { guestKind } from '../../scan/guest-kind';
import type { ImageInfo } from '../../scan/image';

function kind(image: ImageInfo): string | undefined {
  const { guestWidth } = image;
  switch (guestKind(image)) {
    case 'pv':
      return `x86 PV${guestWidth === 4 ? ' 32-bit' : guestWidth === 8 ? ' 64-bit' : ''}`;
    case 'pvh':
      return 'x86 PVH';
    case 'hvm':
      return 'x86 HVM';
    case undefined:
      return undefined;
  }
}

function memory(image: ImageInfo): string | undefined {
  if (image.maxPfn !== undefined) return byteSize((image.maxPfn + 1) * PAGE_SIZE);
  // Of an HVM guest only the pages sent tell; where the stream is not whole they tell too little.
  const [first] = image.passes;
  return first && first.pages > 0 && image.complete ? byteSize(first.pages * PAGE_SIZE) : undefined;
}

/** Says what the guest is. What was made unreadable comes first; then `x86 PV 64-bit`, `2 vCPU`, `96.0 MiB`, `Xen 4.17`, `libxc v3`, as far as known. */
export function guestFacts(image: ImageInfo): string[] {
  const facts = [
    image.blanked ? 'blanked for sharing' : undefined,
    kind(image),
    image.vcpus > 0 ? `${image.vcpus} vCPU` : undefined,
    memory(image),
    image.xenMajor === undefined
      ? undefined
      : image.xenMajor === 0
        ? 'converted from legacy'
        : `Xen ${image.xenMajor}.${image.xenMinor}`,
    image.libxcVersion === undefined ? undefined : `libxc v${image.libxcVersion}`,
    image.bigEndian ? 'big-endian' : undefined,
    image.checkpoints > 0 ? `${image.checkpoints} checkpoints` : undefined,
  ];
  return facts.filter((fact) => fact !== undefined);
}
