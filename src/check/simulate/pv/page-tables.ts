/** Page tables of a PV guest, as libxc goes over them while they arrive. */
import { frameOfWords, PAGE_SIZE, tableLevel } from '../../../format/page';
import { PTE_SIZE, PTES } from '../../../format/x86/page-table';
import type { PageRun } from '../../../scan/pages';
import type { Reading } from '../../../scan/reader';
import { PRESENT } from '../../rules/pv/tables/entry';
import { LOCALISE_RULES, TARGET_RULES } from '../../rules/pv/tables/page-tables';
import type { Simulation } from '../simulation';
import { mentionedPages } from '../stored';
import { blocksOf } from '../blocks';
import type { LibxcRecordAt } from '../record';

const BLOCK_PAGES = 64;

/** Yields the PFNs of a table's present entries. Read in words: a guest has millions of entries, and a bigint for each takes long. */
function* presentEntries(table: Uint8Array): Generator<{ readonly index: number; readonly pfn: number }> {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  for (let index = 0; index < PTES && (index + 1) * PTE_SIZE <= table.length; index++) {
    const low = view.getUint32(index * PTE_SIZE, true);
    if ((low & PRESENT) === 0) continue;
    yield { index, pfn: frameOfWords(low, view.getUint32(index * PTE_SIZE + 4, true)) };
  }
}

/** Plays x86_pv_localise_page() for the page tables of one record; false where the helper dies of it. */
export function* localise(sim: Simulation, record: LibxcRecordAt, runs: Iterable<PageRun>): Reading<boolean> {
  if (sim.blankPages) return true;
  for (const run of runs) {
    const level = tableLevel(run.type);
    if (level === 0) continue;
    for (const { pfn, pages, offset } of blocksOf(run, BLOCK_PAGES)) {
      const tables = yield* sim.read(offset, pages * PAGE_SIZE);
      for (let at = 0; at < pages; at++) {
        const table = tables.subarray(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
        if (!oneTable(sim, { pfn: pfn + at, level, table, offset: offset + at * PAGE_SIZE })) return false;
      }
    }
  }
  return record.length > 0;
}

interface Table {
  readonly pfn: number;
  readonly level: number;
  readonly table: Uint8Array;
  readonly offset: number;
}

function oneTable(sim: Simulation, { pfn, level, table, offset }: Table): boolean {
  const { maxPfn } = sim.libxc;
  const { frames } = sim;
  let outside = -1;
  let outsidePfn = -1;
  let lost = 0;
  let first = -1;
  let firstPfn = -1;
  for (const entry of presentEntries(table)) {
    if (entry.pfn > maxPfn) {
      if (outside < 0) {
        outside = entry.index;
        outsidePfn = entry.pfn;
      }
      continue;
    }
    frames.name(entry.pfn);
    if (frames.hasContent(entry.pfn)) continue;
    if (lost++ === 0) {
      first = entry.index;
      firstPfn = entry.pfn;
    }
  }
  const place = { offset, length: PAGE_SIZE };
  if (sim.apply(LOCALISE_RULES, { pfn, level, maxPfn, outside, outsidePfn }, place)) return false;
  // A table that is sent again later counts as it is then.
  const isLast = lost > 0 && !frames.cut && mentionedPages(sim).get(pfn)?.offset === offset;
  if (isLast) sim.apply(TARGET_RULES, { pfn, level, lost, first, firstPfn }, place);
  return true;
}
