/** Notes what a context that was loaded in whole lacks, and what it has twice. */
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { HVM_TYPE_NAMES, HVM_TYPES, type HvmTypeName } from '../../../format/hvm/types';
import type { Span } from '../../../lib/range';
import { HVM_PRESENCE_RULES } from '../../rules/hvm/context/presence';
import type { Simulation } from '../simulation';
import type { HvmEntryAt } from './entry-at';

/** What Xen saves of every HVM guest, and of no PVH guest. */
const BOARD = HVM_TYPE_NAMES.filter((type) => HVM_TYPES[type].owner === 'board').flatMap((type) =>
  (HVM_TYPES[type].devices ?? [undefined]).map((device, instance) => ({
    type,
    // Of what there is only one, any instance will do.
    instance: device === undefined ? undefined : instance,
    name: device === undefined ? type : `${type} ${instance}`,
  })),
);

/** Names of the devices of the board that are missing while others of it are there. */
function missingDevices(instances: ReadonlyMap<HvmTypeName, ReadonlySet<number>>): string[] {
  const missing = BOARD.filter(({ type, instance }) => {
    const there = instances.get(type);
    return there === undefined || (instance !== undefined && !there.has(instance));
  });
  return missing.length < BOARD.length ? missing.map(({ name }) => name) : [];
}

/** Notes what the entries of a context leave out. `whole`: all of the context. */
export function notePresence(sim: Simulation, entries: readonly HvmEntryAt[], whole: Span): void {
  const instances = new Map<HvmTypeName, Set<number>>();
  const repeated: string[] = [];
  for (const { type, instance } of entries) {
    const there = instances.get(type) ?? new Set();
    if (there.has(instance)) repeated.push(`${type} ${instance}`);
    instances.set(type, there.add(instance));
  }
  const cpus = entries.filter(({ type }) => type === 'CPU').map(({ instance }) => instance);
  const hasApic = (vcpu: number): boolean =>
    instances.get('LAPIC')?.has(vcpu) === true && instances.get('LAPIC_REGS')?.has(vcpu) === true;
  const end = entries.at(-1);
  const presence = {
    cpus,
    noLapic: cpus.filter((vcpu) => !hasApic(vcpu)),
    noDevices: missingDevices(instances),
    repeated,
    rest: end ? whole.length - end.at - HVM_DESCRIPTOR_SIZE - end.length : 0,
  };
  sim.apply(HVM_PRESENCE_RULES, presence, whole);
  sim.fact(`HVM context of ${entries.length} entries, ${new Set(cpus).size} vCPU${cpus.length === 1 ? '' : 's'}`);
}
