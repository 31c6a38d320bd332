/** Where the saved VCPUs are in their code: which there are, and the registers of each. */
import { HvmType } from '../../format/hvm/types';
import { basicBytes, cpuEntries, entryBytes, isBasic, lastBasics, type Saved } from '../saved-vcpus';
import { type CodePoint, hvmPoint, pvPoint } from './point';

export interface SavedVcpu {
  readonly id: number;
  /** Record that holds its registers. */
  readonly record: number;
}

/** By number; of several states the last one that a restore takes. */
export function savedVcpus(saved: Saved): SavedVcpu[] {
  const found = new Map(cpuEntries(saved.image).map(({ instance, record }) => [instance, record]));
  if (found.size === 0) {
    for (const index of lastBasics(saved)) {
      const id = saved.records.vcpuAt(index);
      if (!found.has(id)) found.set(id, index);
    }
  }
  return Array.from(found, ([id, record]) => ({ id, record })).toSorted((a, b) => a.id - b.id);
}

/** Its registers; undefined where the stream has none that can be read. Rejects with `ReadError`. */
export async function readPoint(saved: Saved, { id, record }: SavedVcpu): Promise<CodePoint | undefined> {
  const { image, records } = saved;
  const little = image.bigEndian !== true;
  const entry = image.context.findLast(
    (one) => one.record === record && one.typecode === HvmType.CPU && one.instance === id,
  );
  if (entry) {
    const bytes = await entryBytes(saved, entry);
    return bytes && hvmPoint(bytes, little, image.addressBits);
  }
  if (record < 0 || record >= records.count || !isBasic(records, record)) return undefined;
  const bytes = await basicBytes(saved, record);
  return bytes && pvPoint(bytes, little);
}
