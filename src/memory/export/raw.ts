/** Guest-physical memory as it lies, PFN 0 first. What the image does not hold is a hole. */
import { memoryNotes } from './kit/memory-notes';
import { PAGE_SIZE } from '../../format/page';
import { baseName, type Exportable, type ExportPlan, ExportRefused, type Part } from './kit/plan';
import { PfnRanks, stretches } from './kit/stretches';

/** Plans an export of guest-physical memory. Throws `ExportRefused` where the image holds no page. */
export function rawPlan(file: Exportable): ExportPlan {
  const ranks = new PfnRanks(stretches(file));
  if (ranks.count === 0) throw new ExportRefused('the image holds no page of the guest');
  return {
    name: `${baseName(file)}.raw`,
    size: ranks.end * PAGE_SIZE,
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
