/** hvm_load(): the HVM context is handed to Xen, which loads all of it or none. Source: xen/arch/x86/hvm/save.c. */
import { HVM_CONTEXT_LIMIT, HVM_DESCRIPTOR, HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { HVM_HEADER } from '../../../format/hvm/header';
import { HvmType } from '../../../format/hvm/types';
import { parse } from '../../../format/kit/parse';
import type { Reading } from '../../../scan/reader';
import type { Span } from '../../../lib/range';
import { HVM_HEADER_RULES } from '../../rules/hvm/context/header';
import type { Simulation } from '../simulation';
import { noteMemory } from './memory';
import { notePresence } from './presence';
import { contextRefused } from './refusal';
import { loadEntries } from './walk';
import { noteX2apics } from './x2apic';

/** Loads the context, and notes what it lacks. `end`: the record at which the stream ends, for where there is none. */
export function* loadContext(sim: Simulation, end: Span): Reading<void> {
  const blob = sim.libxc.context;
  const bytes = blob ? yield* sim.read(blob.offset, Math.min(blob.length, HVM_CONTEXT_LIMIT)) : new Uint8Array(0);
  const context = { bytes, offset: blob?.offset ?? end.offset };
  const whole = { offset: context.offset, length: blob?.length ?? end.length };
  if (!loadHeader(sim, bytes, whole)) return;
  const entries = loadEntries(sim, context);
  if (!entries) return;
  notePresence(sim, entries, whole);
  noteX2apics(sim, context, entries);
  yield* noteMemory(sim, context, entries);
}

/** Looks at the HEADER; false where there is none to go on from. */
function loadHeader(sim: Simulation, bytes: Uint8Array, whole: Span): boolean {
  const head = {
    size: bytes.length,
    descriptor: parse(HVM_DESCRIPTOR, bytes),
    header: parse(HVM_HEADER, bytes, true, HVM_DESCRIPTOR_SIZE),
    hostCpuid: sim.target?.host.leaf(1)?.eax,
  };
  const isRefused = sim.apply(HVM_HEADER_RULES, head, whole, contextRefused(sim));
  return !isRefused || head.descriptor.typecode === HvmType.HEADER;
}
