/** What whoever opens the guest's memory as a file should know. */
import { counted, hex } from '../../../lib/text';
import { MAP_LIMIT } from '../../map/cells';
import type { Exportable } from './plan';

/** Tells what a file of the guest's memory may lack, of which `count` pages are written. */
export function memoryNotes({ image, pages }: Exportable, count: number): string[] {
  const notes: string[] = [];
  if (!image.complete)
    notes.push('The image is cut off or damaged: pages may be missing or older than they should be.');
  if (image.lastCheckpoint)
    notes.push('Memory and registers are those of the last complete checkpoint, as a failover would take them.');
  if (image.blanked?.pages === true)
    notes.push('The pages of this image were blanked: they hold no memory of the guest.');
  if (pages.highest >= MAP_LIMIT)
    notes.push(`Pages from PFN 0x${hex(MAP_LIMIT)} on, which only a damaged list names, are left out.`);
  if (pages.full) notes.push(`The page index is full: only ${counted(count, 'page')} that it knows of are written.`);
  return notes;
}
