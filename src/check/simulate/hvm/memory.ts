/** Notes where memory is missing that a vCPU needs for its next instruction. */
import { HVM_CPU, HVM_CPU_COMPAT } from '../../../format/hvm/cpu';
import { zeroExtended } from '../../../format/kit/bytes';
import { sizeOf } from '../../../format/kit/layout';
import type { Reading } from '../../../scan/reader';
import { MEMORY_RULES } from '../../rules/presence';
import type { Simulation } from '../simulation';
import { bodyOf, type HvmContext, type HvmEntryAt, placeOf } from './entry-at';
import { nextInstruction } from './next-instruction';

/** vCPUs whose next instruction is looked up. */
const VCPU_LIMIT = 64;

/** Returns the registers as Xen loads them, but those of the form before Xen 4.0 as they are. */
function registersOf(context: HvmContext, entry: HvmEntryAt): Uint8Array {
  const body = bodyOf(context, entry);
  return body.length === sizeOf(HVM_CPU_COMPAT) ? body : zeroExtended(body, sizeOf(HVM_CPU));
}

/** Looks up the next instruction of the vCPUs, unless the pages were blanked. */
export function* noteMemory(sim: Simulation, context: HvmContext, entries: readonly HvmEntryAt[]): Reading<void> {
  if (sim.blankPages) return;
  for (const entry of entries.filter(({ type }) => type === 'CPU').slice(0, VCPU_LIMIT)) {
    const next = yield* nextInstruction(sim, entry.instance, registersOf(context, entry));
    sim.apply(MEMORY_RULES, next, placeOf(context, entry));
  }
}
