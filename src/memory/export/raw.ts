/** Guest-physical memory as it lies, PFN 0 first. What the image does not hold is a hole. */
import { counted } from '../../lib/text';
import { PAGE_SIZE } from '../../format/page';
import { baseName, type Exportable, type ExportPlan, ExportRefused, type Part } from './plan';
import { PfnRanks, stretches } from './stretches';

export function rawPlan(file: Exportable): ExportPlan {
  const ranks = new PfnRanks(stretches(file));
  if (ranks.count === 0) throw new ExportRefused('the image holds no page of the guest');
  return {
    name: `${baseName(file)}.raw`,
    size: (ranks.highest + 1) * PAGE_SIZE,
    content: ranks.count * PAGE_SIZE,
    notes: memoryNotes(file, ranks.count),
    parts: () => rawParts(file),
  };
}

function* rawParts(file: Exportable): Generator<Part> {
  let next = 0;
  for (const { pfn, count, offset } of stretches(file)) {
    if (pfn > next) yield { kind: 'hole', length: (pfn - next) * PAGE_SIZE };
    yield { kind: 'image', offset, length: count * PAGE_SIZE };
    next = pfn + count;
  }
}

/** What both forms of the guest's memory may lack. */
export function memoryNotes({ image, pages }: Exportable, count: number): string[] {
  const notes: string[] = [];
  if (!image.complete)
    notes.push('The image is cut off or damaged: pages may be missing or older than they should be.');
  if (image.lastCheckpoint)
    notes.push('Memory and registers are those of the last complete checkpoint, as a failover would take them.');
  if (image.blanked?.pages === true)
    notes.push('The pages of this image were blanked: they hold no memory of the guest.');
  if (pages.full) notes.push(`The page index is full: only ${counted(count, 'page')} that it knows of are written.`);
  return notes;
}
