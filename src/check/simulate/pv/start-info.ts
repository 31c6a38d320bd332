/** The start_info page of a PV guest, which libxc fills in for the new domain. Source: xg_sr_restore_x86_pv.c, process_start_info(). */
import { fieldsOf } from '../../../format/kit/fields';
import { PAGE_SIZE } from '../../../format/page';
import { START_INFO_32, START_INFO_64 } from '../../../format/pv/start-info';
import type { Reading } from '../../../scan/reader';
import type { Span } from '../../../lib/range';
import { CONSOLE_RULES, START_INFO_RULES, STORE_RULES } from '../../rules/pv/frames';
import { readStruct } from '../read-struct';
import type { Simulation } from '../simulation';
import { storedPages } from '../stored';
import { badPage } from './named-page';
import { within } from './places';

const LAYOUTS = { 4: START_INFO_32, 8: START_INFO_64 } as const;

/** Tells whether libxc gives up at the page, or at a page that it names. `place` is that of the register that names the page. */
export function* badStartInfo(sim: Simulation, pfn: bigint, place: Span): Reading<boolean> {
  if (badPage(sim, START_INFO_RULES, pfn, place)) return true;
  if (sim.blankPages) return false;
  const page = storedPages(sim).get(Number(pfn));
  const layout = LAYOUTS[sim.libxc.width === 4 ? 4 : 8];
  // A page that was sent without content is empty.
  const blob = page ? { offset: page.offset, length: PAGE_SIZE } : { ...place, length: 0 };
  const { store_mfn: store, console } = yield* readStruct(sim.reader, layout, blob);
  const field = fieldsOf(layout);
  const ring = (at: Span): Span => (page ? within(blob, at) : place);
  if (badPage(sim, STORE_RULES, BigInt(store), ring(field('store_mfn')))) return true;
  return badPage(sim, CONSOLE_RULES, BigInt(console.mfn), ring(field('console.mfn')));
}
