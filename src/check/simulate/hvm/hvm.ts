/** The end of an HVM stream: its context is handed to Xen. Source: xg_sr_restore_x86_hvm.c, x86_hvm_stream_complete(). */
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import type { Reading } from '../../../scan/reader';
import { HvmParam } from '../../../format/libxc/hvm-param-table';
import { HVM_RING_RULES } from '../../rules/hvm/rings';
import { TSC_PRESENCE_RULES } from '../../rules/libxc/tsc';
import type { Simulation } from '../simulation';
import { hasPage } from './has-page';
import { loadContext } from './context';
import type { LibxcRecordAt } from '../record';

const RINGS = [
  { name: 'STORE_PFN', index: HvmParam.STORE_PFN },
  { name: 'CONSOLE_PFN', index: HvmParam.CONSOLE_PFN },
] as const;

/** Plays the end of an HVM stream: the context is loaded, then the rings must be there. */
export function* completeHvm(sim: Simulation, end: LibxcRecordAt): Reading<void> {
  const place = { offset: end.offset, length: RECORD_HEADER_SIZE };
  sim.apply(TSC_PRESENCE_RULES, { sawTsc: sim.libxc.sawTsc }, place);
  yield* loadContext(sim, place);
  checkRings(sim);
}

function checkRings(sim: Simulation): void {
  const { params } = sim.libxc;
  const known = RINGS.flatMap(({ name, index }) => {
    const param = params.get(index);
    return param ? [{ name, pfn: param.value, place: param.place }] : [];
  });
  const lost = known.filter(({ pfn }) => !hasPage(sim, pfn));
  const place = lost[0]?.place ?? { offset: sim.position, length: 0 };
  sim.enter('devices');
  sim.apply(HVM_RING_RULES, { sawParams: params.has(HvmParam.STORE_PFN), lost }, place);
}
