/** Where libxc asks Xen for more memory than the configuration gives the domain. */
import type { PageRun } from '../../scan/pages';
import type { Span } from '../../lib/range';
import { MEMORY_LIMIT_RULES, mostPages } from '../rules/libxc/memory-limit';
import { AskedMemory } from './asked-memory';
import type { Simulation } from './simulation';

/** True where the pages of this record are too many. Those that page tables name come on top, and are counted at the end. */
export function exceedsMemory(sim: Simulation, runs: Iterable<PageRun>, place: Span): boolean {
  const maxMemory = sim.config?.maxMemory;
  if (maxMemory === undefined) return false;
  const { frames } = sim;
  sim.askedMemory ??=
    !frames.cut && frames.populated > mostPages(maxMemory) ? new AskedMemory(frames.last + 1) : 'enough';
  if (sim.askedMemory === 'enough') return false;
  return sim.apply(MEMORY_LIMIT_RULES, { pages: sim.askedMemory.add(runs), maxMemory }, place);
}
