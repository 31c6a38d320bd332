/** A stretch of linear memory page by page: where each page stands in the file, or why it is not there. */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import type { GuestMemory } from '../guest-memory';
import { whyNot } from '../reasons';
import { translate, type Translation } from '../virtual';
import type { PagingRegisters } from '../walk/paging';

/** Pages that stand in the image, one after the other in linear memory. */
export interface MappedPages {
  readonly va: bigint;
  /** File offset and PFN of each. */
  readonly pages: readonly { readonly offset: number; readonly pfn: number; readonly record: number }[];
}

/** Linear memory without bytes, for one reason. */
export interface Hole {
  readonly va: bigint;
  /** Bytes, within the window. */
  readonly length: number;
  readonly reason: string;
}

export type Stretch = MappedPages | Hole;

/** Bytes from `va` on that all lead nowhere for the reason for which `va` does: at least its page. */
function holeFrom(va: bigint, { failure }: Translation): bigint {
  const span = BigInt(Math.max(PAGE_SIZE, failure?.span ?? PAGE_SIZE));
  return span - (va % span);
}

/** `pages` pages from `start`, the address of a page, on. Rejects with `ReadError`. */
export async function linearWindow(
  memory: GuestMemory,
  registers: PagingRegisters,
  start: bigint,
  pages: number,
): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  const end = start + BigInt(pages) * BigInt(PAGE_SIZE);
  let mapped: MappedPages['pages'][number][] | undefined;
  for (let va = start; va < end;) {
    const found = await translate(memory, registers, va);
    if (found.page?.state === 'here') {
      const { offset, pfn, record } = found.page;
      if (mapped) mapped.push({ offset, pfn, record });
      else {
        mapped = [{ offset, pfn, record }];
        stretches.push({ va, pages: mapped });
      }
      va += BigInt(PAGE_SIZE);
      continue;
    }
    mapped = undefined;
    const until = va + holeFrom(va, found);
    const length = Number((until < end ? until : end) - va);
    const reason = whyNot(found) ?? 'no such memory';
    const last = stretches.at(-1);
    if (last && 'reason' in last && last.reason === reason)
      stretches[stretches.length - 1] = { ...last, length: last.length + length };
    else stretches.push({ va, length, reason });
    va += BigInt(length);
  }
  return stretches;
}
