/** What kind of guest an image holds, by what Xen saves of it. */
import { HvmType } from '../format/hvm/types';
import { DomainType } from '../format/libxc/headers';
import type { ContextEntry, ImageInfo } from './image';
import { restoreEnds, type StreamMarks } from './restored/ends';

/** What of an image tells which context a restore takes, and what is in it. */
type Contexts = Pick<ImageInfo, 'context'> & StreamMarks;

/** Returns the entries of the last context that a restore takes. */
function lastContext({ context, ...marks }: Contexts): readonly ContextEntry[] {
  const { libxc: end } = restoreEnds(marks);
  const last = context.findLast(({ record }) => record < end)?.record;
  return context.filter(({ record }) => record === last);
}

/** Tells whether entries have the state of an emulated PC: Xen saves a PIC of each HVM guest, and none of a PVH guest. */
const isPc = (entries: readonly ContextEntry[]): boolean => entries.some(({ typecode }) => typecode === HvmType.PIC);

/** Tells whether a restore finds the state of an emulated PC. */
export const hasEmulatedPc = (image: Contexts): boolean => isPc(lastContext(image));

/** Returns the kind of guest; an HVM guest until a context without an emulated PC is seen. */
export function guestKind(image: Contexts & Pick<ImageInfo, 'domainType'>): 'pv' | 'pvh' | 'hvm' | undefined {
  if (image.domainType === DomainType.X86_PV) return 'pv';
  if (image.domainType !== DomainType.X86_HVM) return undefined;
  const entries = lastContext(image);
  return entries.length > 0 && !isPc(entries) ? 'pvh' : 'hvm';
}
