/** Pages that follow VERIFY, held against what was sent before. Source: xg_sr_restore.c, process_page_data(). */
import { PAGE_SIZE } from '../../format/libxc/page-data';
import type { PageRun } from '../../scan/pages';
import type { Reading } from '../../scan/reader';
import { VERIFY_RULES } from '../rules/page-data';
import type { Simulation } from '../simulation';
import { blocksOf } from './blocks';

const BLOCK_PAGES = 64;

export function* verifyPages(sim: Simulation, runs: readonly PageRun[]): Reading<void> {
  for (const run of runs)
    for (const { pfn, pages, offset } of blocksOf(run, BLOCK_PAGES)) {
      const sent = yield* sim.read(offset, pages * PAGE_SIZE);
      for (let at = 0; at < pages; at++) {
        const page = sent.subarray(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
        const before = yield* sentBefore(sim, pfn + at, offset);
        const place = { offset: offset + at * PAGE_SIZE, length: PAGE_SIZE };
        sim.apply(VERIFY_RULES, { pfn: pfn + at, type: run.type, differs: !equal(page, before) }, place);
      }
    }
}

/** The content that the page had before: zeros if it was never sent with any. */
function* sentBefore(sim: Simulation, pfn: number, offset: number): Reading<Uint8Array> {
  const start = sim.libxc.verifyStart;
  const last = sim.scan.pages
    .occurrences(pfn)
    .findLast((one) => one.offset >= 0 && one.offset < Math.min(offset, start));
  return last ? yield* sim.reader.at(last.offset, PAGE_SIZE) : new Uint8Array(PAGE_SIZE);
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);
