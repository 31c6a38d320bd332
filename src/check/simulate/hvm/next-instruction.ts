/** The page of an HVM vCPU's next instruction, found by its registers and page tables. */
import { PAGE_SIZE } from '../../../format/page';
import { pagingsOf } from '../../../format/paging/paging';
import { hvmMemory } from '../../../format/paging/vcpu';
import { canonical, readEntry, walkTables } from '../../../format/paging/walk';
import type { Reading } from '../../../scan/reader';
import type { NextInstruction } from '../../rules/presence';
import type { Simulation } from '../simulation';
import { storedPages } from '../stored';

/** Walks from the registers of a vCPU to its next instruction; tells of the first page on the way that has no content. */
export function* nextInstruction(sim: Simulation, vcpu: number, body: Uint8Array): Reading<NextInstruction> {
  const saved = hvmMemory(body, true, sim.scan.image.addressBits);
  const found = { vcpu, address: saved?.pointers.ip ?? 0n, lost: -1, what: 'code' } as const;
  if (!saved) return found;
  const [paging] = pagingsOf(saved.registers);
  const va = canonical(found.address, paging);
  // Not mapped, here and below: what the guest makes of that is its own affair.
  if (va === undefined) return found;
  const tables = walkTables(paging, va);
  let next = tables.next();
  while (next.done !== true) {
    const { pfn, at } = next.value;
    const content = contentOf(sim, pfn);
    if (content === undefined) return { ...found, lost: pfn, what: 'page table' };
    next = tables.next(readEntry(yield* sim.reader.at(content + at, paging.mode.entrySize), 0, paging));
  }
  if (!('gpa' in next.value)) return found;
  const pfn = Number(next.value.gpa / BigInt(PAGE_SIZE));
  return contentOf(sim, pfn) === undefined ? { ...found, lost: pfn } : found;
}

/** File offset of the page's content in memory; undefined if it has none. */
const contentOf = (sim: Simulation, pfn: number): number | undefined => storedPages(sim).get(pfn)?.offset;
