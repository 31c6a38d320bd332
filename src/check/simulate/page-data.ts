/** PAGE_DATA: the list of PFNs, and what is done with the pages. Source: tools/libs/guest/xg_sr_restore.c. */
import { parse } from '../../format/kit/parse';
import { PAGE_DATA_HEADER, PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../../format/libxc/page-data';
import { hasPageData, PageType } from '../../format/page';
import { PageListReader } from '../../scan/walk/page-list';
import { PageIndex, type PageRun } from '../../scan/pages';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { Reading } from '../../scan/reader';
import {
  PAGE_FRAME_RULES,
  PAGE_SIZE_RULES,
  PFN_BIT_RULES,
  PFN_RULES,
  STATIC_DATA_RULES,
} from '../rules/libxc/page-data';
import { POPULATE_RULES } from '../rules/libxc/populate';
import type { Simulation } from './simulation';
import { exceedsMemory } from './memory-limit';
import { localise } from './pv/page-tables';
import { applyPolicy } from './policy';
import type { LibxcRecordAt } from './record';
import { verifyPages } from './verify';

/** PFN entries read at a time. */
const BLOCK = 8192;

/** Infers the end of the static data in a stream of version 2, as libxc does; false where version 3 has not told of it. */
export function* needStaticData(sim: Simulation, record: LibxcRecordAt, isPv: boolean): Reading<boolean> {
  const { libxc } = sim;
  if (libxc.version < 3 && !libxc.seenStaticDataEnd) {
    libxc.seenStaticDataEnd = true;
    yield* applyPolicy(sim, record, isPv);
    sim.enter('memory');
  }
  const place = { offset: record.offset, length: RECORD_HEADER_SIZE };
  return !sim.apply(STATIC_DATA_RULES, { staticDataEnd: libxc.seenStaticDataEnd }, place);
}

/** Plays through handle_page_data() for one record. */
export function* readPageData(sim: Simulation, record: LibxcRecordAt, isPv: boolean): Reading<void> {
  const { libxc } = sim;
  libxc.pageRecords++;
  const { offset, length, body } = record;
  const place = { offset, length: RECORD_HEADER_SIZE + length };
  if (!(yield* needStaticData(sim, record, isPv))) return;
  const { count, reserved } = parse(PAGE_DATA_HEADER, yield* sim.read(body, Math.min(length, PAGE_DATA_HEADER_SIZE)));
  if (sim.apply(PAGE_FRAME_RULES, { length, count, reserved, staticDataEnd: true }, place)) return;
  const { maxPfn } = libxc;
  let pages = 0;
  let highest = -1;
  const { runs, reservedBits } = yield* listOf(sim, record, count);
  for (const run of runs) {
    const { pfn, type, entry } = run;
    if (sim.apply(PFN_RULES, { pfn, count: run.count, type, entry, isPv, maxPfn }, place)) return;
    if (hasPageData(type)) pages += run.count;
    if (hasPageData(type) || type === PageType.XALLOC) highest = Math.max(highest, pfn + run.count - 1);
  }
  sim.apply(PFN_BIT_RULES, { entry: reservedBits }, place);
  if (sim.apply(PAGE_SIZE_RULES, { length, count, pages }, place)) return;
  if (sim.apply(POPULATE_RULES, { count, isPv, highest, p2mAllocated: libxc.p2mAllocated }, place)) return;
  if (exceedsMemory(sim, runs, place)) return;
  if (isPv && !(yield* localise(sim, record, runs))) return;
  if (libxc.verify && !sim.blankPages) yield* verifyPages(sim, runs);
}

interface PfnList {
  readonly runs: Iterable<PageRun>;
  /** First entry with reserved bits set, −1 for none. */
  readonly reservedBits: number;
}

/** The list out of the index, where the scan read this record as it is and found nothing odd; else it is read here. */
function* listOf(sim: Simulation, record: LibxcRecordAt, count: number): Reading<PfnList> {
  const { records, pages } = sim.scan;
  const row = sim.rowAt(record.offset);
  const known =
    row !== undefined &&
    records.offsetAt(row) === record.offset &&
    records.lengthAt(row) === record.length &&
    records.pagesAt(row) === count &&
    !records.isDamaged(row) &&
    !records.hasReservedBits(row) &&
    !pages.full;
  return known ? { runs: pages.runsOf(row), reservedBits: -1 } : yield* readList(sim, record, count);
}

function* readList(sim: Simulation, { body, length }: LibxcRecordAt, count: number): Reading<PfnList> {
  const index = new PageIndex();
  const list = body + PAGE_DATA_HEADER_SIZE;
  const reader = new PageListReader(index, 0, list + count * PFN_ENTRY_SIZE, body + length);
  for (let entry = 0; entry < count; entry += BLOCK) {
    const some = Math.min(BLOCK, count - entry);
    reader.add(yield* sim.reader.at(list + entry * PFN_ENTRY_SIZE, some * PFN_ENTRY_SIZE), true);
  }
  reader.flush();
  return { runs: index.runsOf(0), reservedBits: reader.badBits };
}
