/** Program headers for gdb: for each mapped stretch of the address space the place of its pages in .xen_pages. */
import { addressOf, PAGE_SIZE } from '../../../format/page';
import { pagingsOf } from '../../../format/paging/paging';
import type { Exportable } from '../kit/plan';
import type { PfnRanks } from '../kit/stretches';
import type { SavedCpu } from './cpus';
import { joined, type Mapping, type MappingOptions, mappingsOf, sharedOf } from './mappings';

export interface Segment {
  readonly va: bigint;
  readonly gpa: bigint;
  /** File offset, and bytes. */
  readonly offset: number;
  readonly size: number;
}

/** e_phnum has 16 bits, and the note takes one. */
const SEGMENT_LIMIT = 65_000;

/**
 * Makes the segments of the one address space that a core file has: that of the first vCPU, and of the others what it
 * leaves free. Without paging linear addresses are physical ones; that counts for the first vCPU only, as others may
 * just not be up yet. Rejects with `ReadError`, or the reason of the signal.
 */
export async function segmentsOf(
  file: Exportable,
  cpus: readonly SavedCpu[],
  ranks: PfnRanks,
  offsetOf: (page: { readonly pfn: number; readonly rank: number }) => number,
  options: MappingOptions,
): Promise<{ segments: Segment[]; notes: string[] }> {
  let all: readonly Mapping[] = [];
  let capped = false;
  let repeated = false;
  const roots = new Set<string>();
  const shared = sharedOf(options);
  for (const [order, cpu] of cpus.entries()) {
    for (const paging of pagingsOf(cpu.paging)) {
      const root = `${paging.mode.id} ${paging.root}`;
      if (roots.has(root) || (order > 0 && paging.mode.levels.length === 0)) continue;
      roots.add(root);
      // No more fit into the file, however many vCPUs there are.
      if (all.length >= SEGMENT_LIMIT) {
        capped = true;
        continue;
      }
      const found = await mappingsOf(file.memory, paging, options, shared);
      if (found.list.length > 0) all = joined(all, found.list);
      capped ||= found.capped;
      repeated ||= found.repeated;
    }
  }
  const segments: Segment[] = [];
  for (const { va, pfn, count } of all) {
    for (const there of ranks.within(pfn, count)) {
      if (segments.length >= SEGMENT_LIMIT) {
        capped = true;
        break;
      }
      segments.push({
        va: addressOf(va + there.pfn - pfn),
        gpa: addressOf(there.pfn),
        offset: offsetOf(there),
        size: there.count * PAGE_SIZE,
      });
    }
  }
  const first = cpus[0]?.id ?? 0;
  const notes = [`gdb sees linear addresses as vCPU ${first} does, and of others what that one does not map.`];
  if (segments.length === 0)
    notes.push('Nothing that the page tables map is in the image: gdb will show registers only.');
  if (repeated) notes.push('Of pages and tables that are mapped over and over, gdb sees the first few places only.');
  if (capped) notes.push('The address space is too scattered for a core file: gdb sees a part of it.');
  return { segments, notes };
}
