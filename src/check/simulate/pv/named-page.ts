/** A page of a PV guest that something else names. */
import type { Span } from '../../../lib/range';
import type { Rule } from '../../kit/rule';
import type { NamedPage } from '../../rules/pv/frames';
import type { Simulation } from '../simulation';

/** Tests a PFN that something names; true where libxc gives up. */
export function badPage(
  sim: Simulation,
  rules: readonly Rule<NamedPage>[],
  pfn: bigint,
  place: Span,
  index = 0,
): boolean {
  const { frames } = sim;
  const { maxPfn, levels } = sim.libxc;
  const at = pfn <= BigInt(maxPfn) ? Number(pfn) : -1;
  // Page tables name pages too, which then have memory.
  const populated = at < 0 || frames.cut || sim.blankPages || frames.isPopulated(at);
  return sim.apply(rules, { index, pfn, maxPfn, levels, populated, type: at < 0 ? 0 : frames.typeOf(at) }, place);
}
