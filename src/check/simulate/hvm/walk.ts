/** Goes from entry to entry of the HVM context, as Xen does. Source: xen/arch/x86/hvm/save.c, hvm_load(). */
import { HVM_DESCRIPTOR, HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { HVM_HEADER } from '../../../format/hvm/header';
import { HVM_TYPES, HvmType, type HvmTypeName, hvmTypeOf } from '../../../format/hvm/types';
import { sizeOf } from '../../../format/kit/layout';
import { parse } from '../../../format/kit/parse';
import { entryName } from '../../kit/part-name';
import { HVM_STEP_RULES } from '../../rules/hvm/context/chain';
import type { Simulation } from '../simulation';
import { type HvmContext, type HvmEntryAt, placeOf } from './entry-at';
import { EntryLoader } from './load-entry';
import { contextRefused, type Pass } from './refusal';

/** Since 4.19 a first pass looks at everything before the second loads it. */
const TWO_PASSES = 419;

const FIRST_ENTRY = HVM_DESCRIPTOR_SIZE + sizeOf(HVM_HEADER);

/** The type that Xen loads an entry as; undefined for END, and for what it has no load function for. */
function loadedAs(typecode: number): HvmTypeName | undefined {
  const type = hvmTypeOf(typecode);
  return type === undefined || HVM_TYPES[type].owner === 'context' ? undefined : type;
}

/** Loads all entries; returns them with END as the last, or undefined where Xen gave up. */
export function loadEntries(sim: Simulation, context: HvmContext): HvmEntryAt[] | undefined {
  if (sim.xen >= TWO_PASSES && onePass(sim, context, 'check') === undefined) return undefined;
  return onePass(sim, context, 'load');
}

function onePass(sim: Simulation, context: HvmContext, pass: Pass): HvmEntryAt[] | undefined {
  const { bytes } = context;
  const loader = new EntryLoader(sim, context);
  const entries: HvmEntryAt[] = [];
  /** The chain is looked at once, and so is what has a check of its own: all else only when it is loaded. */
  const isFirst = pass === 'check' || sim.xen < TWO_PASSES;
  let at = FIRST_ENTRY;
  for (;;) {
    const descriptor = parse(HVM_DESCRIPTOR, bytes, true, at);
    const { typecode, instance, length } = descriptor;
    const loaded = loadedAs(typecode);
    const isChecked = loaded !== undefined && loader.checks[loaded].isChecked;
    const left = bytes.length - at;
    const step = { left, descriptor, loaded, isChecked };
    if (isFirst && sim.apply(HVM_STEP_RULES, step, placeOf(context, { at, length }), contextRefused(sim)))
      return undefined;
    const entry = { type: loaded ?? 'END', instance, at, length } as const;
    entries.push(entry);
    if (loaded === undefined || left < HVM_DESCRIPTOR_SIZE) return entries;
    const isTurn = sim.xen < TWO_PASSES || (pass === 'check') === isChecked;
    if (isTurn && !loader.load(entry, pass)) {
      sim.fact(`entry ${entries.length} behind the header: ${entryName(HvmType[entry.type], instance)}`);
      return undefined;
    }
    at += HVM_DESCRIPTOR_SIZE + length;
  }
}
