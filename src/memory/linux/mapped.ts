/** The pages that a stretch of linear addresses maps, found without looking at what is not mapped address by address. */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import type { GuestMemory } from '../guest-memory';
import { type PagingRegisters, pagingsOf } from '../../format/paging/paging';
import { walk } from '../walk/walk';

export interface MappedPage {
  readonly va: bigint;
  readonly pfn: number;
  /** File offset. */
  readonly offset: number;
}

/** In ascending order, from `from` up to but without `to`. Pages that the image does not hold are left out. */
export async function* mappedPages(
  memory: GuestMemory,
  registers: PagingRegisters,
  from: bigint,
  to: bigint,
): AsyncGenerator<MappedPage> {
  const paging = pagingsOf(registers).at(-1) ?? pagingsOf(registers)[0];
  for (let va = from; va < to;) {
    const found = await walk(memory, paging, va);
    const { gpa, pageSize = PAGE_SIZE } = found;
    if (gpa === undefined) {
      const hole = BigInt(found.failure?.span ?? PAGE_SIZE);
      va = (va / hole + 1n) * hole;
      continue;
    }
    const size = BigInt(pageSize);
    const end = (va / size + 1n) * size;
    for (let at = va, target = gpa; at < end && at < to; at += BigInt(PAGE_SIZE), target += BigInt(PAGE_SIZE)) {
      const page = memory.page(Number(target >> 12n));
      if (page.state === 'here') yield { va: at, pfn: page.pfn, offset: page.offset };
    }
    va = end;
  }
}
