/** Which vCPU a field belongs to, and the registers that were saved along with it. */
import { HvmType, isPerVcpu } from '../../format/hvm/types';
import type { VcpuMemory } from '../../format/paging/vcpu';
import type { ContextEntry } from '../../scan/image';
import { keptRecords, RestoredRecords } from '../../scan/restored/records';
import { restoredVcpus } from '../../scan/restored/vcpus';
import { stateEnd } from '../../scan/restored/rounds';
import { readMemory, type Saved, savedVcpu } from './saved';

/** A vCPU, and how it finds memory. */
export interface OwningVcpu {
  readonly id: number;
  readonly memory: VcpuMemory;
}

const owning = (id: number, memory: VcpuMemory | undefined): OwningVcpu | undefined => memory && { id, memory };

/** Tells whether a restore takes the vCPUs from an HVM context. */
const isOfContext = (saved: Saved): boolean => {
  const [first] = restoredVcpus(saved.image, keptRecords(saved));
  return first?.entries !== undefined;
};

/**
 * Finds the vCPU that a byte of a record belongs to, by its file offset, with the registers of the same round. What
 * belongs to none is taken for the vCPU numbered `otherwise`, by the registers that a restore would take. Undefined where
 * there are no registers. Rejects with `ReadError`.
 */
export async function vcpuAt(
  saved: Saved,
  { record, offset }: { readonly record: number; readonly offset: number },
  otherwise: number,
): Promise<OwningVcpu | undefined> {
  const { records, image } = saved;
  const isIn = ({ record: row }: ContextEntry): boolean => row === record;
  if (isOfContext(saved) || image.context.some(isIn)) return ofContext(saved, record, offset, otherwise);
  const own = records.vcpuAt(record);
  if (own < 0 || Number.isNaN(own)) return owning(otherwise, await savedVcpu(saved, otherwise));
  const { vcpus } = RestoredRecords.of(records).asOf(stateEnd(records, record));
  const basic = vcpus.get(own)?.basic;
  return basic === undefined ? undefined : owning(own, await readMemory(saved, { id: own, record: basic }));
}

/** The CPU entry in the same context as the byte, else in the one that a restore takes: that of its own vCPU if it has one. */
async function ofContext(
  saved: Saved,
  record: number,
  offset: number,
  otherwise: number,
): Promise<OwningVcpu | undefined> {
  const { context } = saved.image;
  const around = context.findLast((entry) => entry.record === record && entry.offset <= offset);
  const wanted = around !== undefined && isPerVcpu(around.typecode) ? around.instance : otherwise;
  const from = around?.record ?? keptRecords(saved).hvmContext;
  const ids = context
    .filter((entry) => entry.record === from && entry.typecode === HvmType.CPU)
    .map(({ instance }) => instance);
  const id = ids.includes(wanted) ? wanted : ids[0];
  if (id === undefined || from === undefined) return undefined;
  return owning(id, await readMemory(saved, { id, record: from }));
}
