/** HVM_PARAMS: each is set as it is met. Source: xg_sr_restore_x86_hvm.c, handle_hvm_params(). */
import { readU32, readU64 } from '../../../format/kit/bytes';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import type { Reading } from '../../../scan/reader';
import { HVM_PARAM_RULES } from '../../rules/hvm/param-values';
import { DROPPED_PARAM_RULES, HVM_PARAMS_RULES, HvmParam } from '../../rules/hvm/params';
import type { Simulation } from '../simulation';
import type { LibxcRecordAt } from '../record';

const ENTRY_SIZE = 16;
/** Entries looked at: Xen has 39. */
const ENTRY_LIMIT = 4096;
/** Where libxc looks for the rings itself. */
const RINGS: ReadonlySet<bigint> = new Set([HvmParam.STORE_PFN, HvmParam.CONSOLE_PFN]);

export function* readHvmParams(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  const { offset, length, body } = record;
  const head = yield* sim.read(body, Math.min(length, 8));
  const count = readU32(head, 0, true);
  const place = { offset, length: RECORD_HEADER_SIZE + length };
  if (sim.apply(HVM_PARAMS_RULES, { length, count, reserved: readU32(head, 4, true) }, place)) return;
  const raw = yield* sim.read(body + 8, Math.min(count, ENTRY_LIMIT) * ENTRY_SIZE);
  for (let at = 0; at + ENTRY_SIZE <= raw.length; at += ENTRY_SIZE) {
    const index = readU64(raw, at, true);
    const value = readU64(raw, at + 8, true);
    // libxc knows the pages of the rings by all of the index; what Xen gets of it is 32 bits.
    const asked = BigInt.asUintN(32, index);
    const entry = {
      index: asked,
      written: index,
      value,
      before: libxc.params.get(asked)?.value,
      kind: sim.config?.type ?? 'hvm',
      xen: sim.xen,
    };
    const at16 = { offset: body + 8 + at, length: ENTRY_SIZE };
    sim.apply(DROPPED_PARAM_RULES, { index }, at16);
    if (index === HvmParam.PAE_ENABLED) continue;
    if (sim.apply(HVM_PARAM_RULES, entry, at16)) return;
    libxc.params.set(RINGS.has(asked) ? index : asked, { value, place: at16 });
  }
}
