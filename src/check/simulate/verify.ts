/** Pages that follow VERIFY, held against what was sent before. Source: xg_sr_restore.c, process_page_data(). */
import { PAGE_SIZE } from '../../format/page';
import type { PageRun } from '../../scan/pages';
import type { Reading } from '../../scan/reader';
import { VERIFY_RULES } from '../rules/libxc/verify';
import type { Simulation } from './simulation';
import { storedPages } from './stored';
import { blocksOf } from './blocks';

const BLOCK_PAGES = 64;

/** Compares pages that follow VERIFY with what was sent before, page by page. */
export function* verifyPages(sim: Simulation, runs: Iterable<PageRun>): Reading<void> {
  for (const run of runs)
    for (const { pfn, pages, offset } of blocksOf(run, BLOCK_PAGES)) {
      const sent = yield* sim.read(offset, pages * PAGE_SIZE);
      const before = yield* sentBefore(sim, pfn, pages);
      for (let at = 0; at < pages; at++) {
        const from = at * PAGE_SIZE;
        const place = { offset: offset + from, length: PAGE_SIZE };
        sim.apply(VERIFY_RULES, { pfn: pfn + at, type: run.type, differs: differ(sent, before, from) }, place);
      }
    }
}

/** The contents that pages had before: zeros for those that were never sent with any. */
function* sentBefore(sim: Simulation, pfn: number, pages: number): Reading<Uint8Array> {
  const { reader } = sim;
  const stored = storedPages(sim);
  const out = new Uint8Array(pages * PAGE_SIZE);
  const offsets = Array.from({ length: pages }, (_, at) => stored.get(pfn + at)?.offset ?? -1);
  for (let at = 0; at < pages;) {
    const offset = offsets[at] ?? -1;
    let end = at + 1;
    if (offset >= 0) {
      // What was sent together comes in one read, and no more than that: the window is left to the records.
      while (end < pages && offsets[end] === offset + (end - at) * PAGE_SIZE) end++;
      out.set(yield* reader.exactly(offset, (end - at) * PAGE_SIZE), at * PAGE_SIZE);
    }
    at = end;
  }
  return out;
}

function differ(a: Uint8Array, b: Uint8Array, from: number): boolean {
  for (let at = from; at < from + PAGE_SIZE; at++) if (a[at] !== b[at]) return true;
  return false;
}
