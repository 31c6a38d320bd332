/** HVM_PARAMS: each is set as it is met. Source: xg_sr_restore_x86_hvm.c, handle_hvm_params(). */
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { elementAt } from '../../../format/kit/fields';
import { sizeOf } from '../../../format/kit/layout';
import { parse } from '../../../format/kit/parse';
import { HvmParam } from '../../../format/libxc/hvm-param-table';
import { HVM_PARAM, HVM_PARAMS, HVM_PARAMS_HEADER_SIZE } from '../../../format/libxc/hvm-params';
import type { Reading } from '../../../scan/reader';
import { HVM_PARAM_RULES } from '../../rules/hvm/param-values';
import { DROPPED_PARAM_RULES, HVM_PARAMS_RULES } from '../../rules/hvm/params';
import type { LibxcRecordAt } from '../record';
import { presetParams } from './preset-params';
import type { Simulation } from '../simulation';

/** Entries looked at: Xen has 39. */
const ENTRY_LIMIT = 4096;
/** Where libxc looks for the rings itself: by all of the index, where Xen gets 32 bits of it. */
const RINGS: ReadonlySet<number> = new Set([HvmParam.STORE_PFN, HvmParam.CONSOLE_PFN]);

/** Reads an HVM_PARAMS record, and sets its parameters up to the first that Xen refuses. */
export function* readHvmParams(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  const { offset, length, body } = record;
  const { count, reserved } = parse(HVM_PARAMS, yield* sim.read(body, Math.min(length, HVM_PARAMS_HEADER_SIZE)));
  const place = { offset, length: RECORD_HEADER_SIZE + length };
  if (sim.apply(HVM_PARAMS_RULES, { length, count, reserved }, place)) return;
  const preset = presetParams(sim.config ?? {}, sim.xen);
  const first = body + HVM_PARAMS_HEADER_SIZE;
  const size = sizeOf(HVM_PARAM);
  const raw = yield* sim.read(first, Math.min(count, ENTRY_LIMIT) * size);
  for (let item = 0; (item + 1) * size <= raw.length; item++) {
    const { index: written, value } = parse(HVM_PARAM, raw, true, item * size);
    const index = Number(BigInt.asUintN(32, written));
    const entry = {
      index,
      written,
      value,
      before: libxc.params.get(index)?.value,
      preset: preset.get(index),
      kind: sim.config?.type ?? 'hvm',
      xen: sim.xen,
    };
    const at = elementAt(HVM_PARAM, item, first);
    sim.apply(DROPPED_PARAM_RULES, { written }, at);
    const isWhole = written === BigInt(index);
    if (isWhole && index === HvmParam.PAE_ENABLED) continue;
    if (sim.apply(HVM_PARAM_RULES, entry, at)) return;
    if (isWhole || !RINGS.has(index)) libxc.params.set(index, { value, place: at });
  }
}
