/** Which VCPUs the image holds, and where their state stands. */
import { useMemo } from 'react';
import { HvmType, isPerVcpu } from '../../format/hvm/types';
import type { ContextEntry } from '../../scan/image';
import { useLandmarks } from '../shared/landmarks';
import { useCutVcpu, useSelectedState, vcpusOfRound } from './round';
import { useFile, useImage } from '../shared/use-file';

export interface Vcpu {
  readonly id: number;
  readonly record: number;
  /** Its entries in an HVM context, and the context's header; a PV VCPU has records to itself. */
  readonly entries?: readonly ContextEntry[];
  readonly header?: ContextEntry;
}

/** VCPUs of a context. One that was never brought up has no CPU entry, but all others. */
function vcpusOfContext(context: readonly ContextEntry[], record: number | undefined): Vcpu[] {
  const byId = new Map<number, ContextEntry[]>();
  let header: ContextEntry | undefined;
  for (const entry of context) {
    if (entry.record !== record) continue;
    if (entry.typecode === HvmType.HEADER) header = entry;
    if (!isPerVcpu(entry.typecode)) continue;
    const known = byId.get(entry.instance);
    if (known) known.push(entry);
    else byId.set(entry.instance, [entry]);
  }
  return [...byId].map(([id, entries]) => ({
    id,
    record: entries[0]?.record ?? -1,
    entries,
    ...(header && { header }),
  }));
}

/** The VCPUs, by id. Of several contexts the selected one counts, else the last: a restore uses no other. */
export function useVcpus(): readonly Vcpu[] {
  const context = useImage((image) => image.context);
  const { records } = useFile();
  const { vcpus, checkpoints } = useLandmarks();
  const selected = useSelectedState();
  const cut = useCutVcpu();
  return useMemo(() => {
    const isContext = selected !== undefined && context.some(({ record }) => record === selected);
    const last = isContext ? selected : context.at(-1)?.record;
    const byId = new Map<number, Vcpu>();
    const ofRound = selected === undefined || isContext ? undefined : vcpusOfRound(records, checkpoints, selected);
    const isOfRound = ofRound !== undefined && ofRound.size > 0;
    for (const [id, record] of isOfRound ? ofRound : vcpus) byId.set(id, { id, record });
    if (cut && (!byId.has(cut.id) || cut.record === selected)) byId.set(cut.id, cut);
    for (const vcpu of vcpusOfContext(context, last)) byId.set(vcpu.id, vcpu);
    return [...byId.values()].toSorted((a, b) => a.id - b.id);
  }, [records, context, vcpus, checkpoints, selected, cut]);
}
