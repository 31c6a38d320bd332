/** The end of an HVM stream: its context is handed to Xen. Source: xg_sr_restore_x86_hvm.c, x86_hvm_stream_complete(). */
import type { Reading } from '../../../scan/reader';
import { HvmParam } from '../../rules/hvm/params';
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

export function* completeHvm(sim: Simulation, end: LibxcRecordAt): Reading<void> {
  const place = { offset: end.offset, length: 8 };
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
