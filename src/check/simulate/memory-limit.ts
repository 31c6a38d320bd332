/** Where libxc asks Xen for more memory than the configuration gives the domain. */
import type { PageRun } from '../../scan/pages';
import type { Span } from '../../lib/range';
import { MEMORY_LIMIT_RULES, mostPages } from '../rules/libxc/memory-limit';
import { AskedMemory } from './asked-memory';
import type { Simulation } from './simulation';

/** Tells whether the pages of this record are too many. Those that page tables name come on top, and are counted at the end. */
export function exceedsMemory(sim: Simulation, runs: Iterable<PageRun>, place: Span): boolean {
  const maxMemory = sim.config?.maxMemory;
  if (maxMemory === undefined) return false;
  sim.askedMemory ??= mayExceed(sim, mostPages(maxMemory)) ? new AskedMemory() : 'enough';
  if (typeof sim.askedMemory === 'string') return false;
  const exceeds = sim.apply(MEMORY_LIMIT_RULES, { pages: sim.askedMemory.add(runs), maxMemory }, place);
  // Of the records behind it there is nothing new to say.
  if (exceeds) sim.askedMemory = 'exceeded';
  return exceeds;
}

/** Tells whether the whole stream may ask for more pages than that: whether it is worth counting record by record. */
function mayExceed(sim: Simulation, most: number): boolean {
  if (!sim.isPv) return sim.scan.pages.mentions > most;
  const { frames } = sim;
  return !frames.cut && frames.populated > most;
}
