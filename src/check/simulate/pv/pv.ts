/** The end of a PV stream: vCPUs, page tables, P2M. Source: xg_sr_restore_x86_pv.c, x86_pv_stream_complete(). */
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { counted } from '../../../lib/text';
import type { Reading } from '../../../scan/reader';
import type { Span } from '../../../lib/range';
import { MEMORY_LIMIT_RULES } from '../../rules/libxc/memory-limit';
import { BASIC0_RULES } from '../../rules/pv/presence';
import type { LibxcRecordAt } from '../record';
import type { Simulation } from '../simulation';
import { updateP2m } from './p2m';
import { refusesPins } from './pin/pin';
import { notePresence, VCPU_LIMIT } from './presence';
import { refusesState } from './vcpu-state';

/** Plays what libxc does when the stream of a PV guest has ended; `end` is the END record. */
export function* completePv(sim: Simulation, end: LibxcRecordAt): Reading<void> {
  const place = { offset: end.offset, length: RECORD_HEADER_SIZE };
  notePresence(sim, place);
  if (memoryIsShort(sim, place)) return;
  if (!(yield* updateVcpus(sim, place))) return;
  sim.enter('tables');
  if (sim.mode === 'end' || (yield* refusesPins(sim))) return;
  yield* updateP2m(sim);
}

/** Tells whether the configuration gives too little memory: pages that only page tables name count too, as libxc gets memory for them. */
function memoryIsShort(sim: Simulation, place: Span): boolean {
  const { frames, config, askedMemory = 'enough' } = sim;
  const maxMemory = config?.maxMemory;
  if (maxMemory === undefined || frames.cut || askedMemory !== 'enough') return false;
  return sim.apply(MEMORY_LIMIT_RULES, { pages: frames.populated, maxMemory }, place);
}

/** Hands the state of all vCPUs to Xen; false where that fails. */
function* updateVcpus(sim: Simulation, place: Span): Reading<boolean> {
  const { vcpus } = sim.libxc;
  const hasBasic0 = vcpus.get(0)?.basic !== undefined;
  if (sim.apply(BASIC0_RULES, { hasBasic0 }, place)) return false;
  const ids = [...vcpus.keys()].filter((id) => id < VCPU_LIMIT).toSorted((a, b) => a - b);
  for (const id of ids) if (yield* refusesState(sim, id, vcpus.get(id) ?? {})) return false;
  sim.fact(`registers of ${counted(ids.length, 'vCPU')}`);
  return true;
}
