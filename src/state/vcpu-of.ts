/** Which VCPU a field belongs to, and the registers by which its addresses are found. */
import { HvmType, isPerVcpu } from '../format/hvm/types';
import { LibxcType } from '../format/libxc/types';
import { isBasic, ofBasic, ofEntry, REACH, savedVcpu, savedVcpuIds } from '../memory/saved-vcpus';
import type { VcpuMemory } from '../format/paging/vcpu';
import type { ContextEntry } from '../scan/image';
import type { RecordIndex } from '../scan/records';
import type { OpenFile } from './open-file';

/** Numbers of the VCPUs that have registers, ascending. */
export const vcpuNumbers = (file: OpenFile): number[] => savedVcpuIds(file);

/** The state of a VCPU that a restore would take. */
export const vcpuNumbered = (file: OpenFile, id: number): Promise<VcpuMemory | undefined> => savedVcpu(file, id);

interface Owner {
  readonly id: number;
  readonly memory: VcpuMemory;
}

const owner = (id: number, memory: VcpuMemory | undefined): Owner | undefined => memory && { id, memory };

/** The VCPU that the field at a file offset in `record` belongs to; the shown one, else VCPU 0, for what belongs to none. */
export async function vcpuOf(file: OpenFile, record: number, offset: number): Promise<Owner | undefined> {
  const { image, place, records } = file;
  if (image.context.length > 0) {
    const entry = cpuEntry(file, record, offset);
    return owner(entry?.instance ?? 0, await ofEntry(file, entry));
  }
  const own = records.vcpuAt(record);
  if (own < 0) return owner(place.vcpu ?? 0, await vcpuNumbered(file, place.vcpu ?? 0));
  const basic = nearestBasic(records, record, own);
  return basic === undefined ? undefined : owner(own, await ofBasic(file, basic));
}

/** The CPU entry in the same context as the field, else in the last one: that of the field's own instance if it has one. */
function cpuEntry({ image, place }: OpenFile, record: number, offset: number): ContextEntry | undefined {
  const { context } = image;
  const around = context.findLast((entry) => entry.record === record && entry.offset <= offset);
  const perVcpu = around !== undefined && isPerVcpu(around.typecode);
  const instance = perVcpu ? around.instance : (place.vcpu ?? 0);
  const where = around?.record ?? context.at(-1)?.record;
  const cpus = context.filter((entry) => entry.record === where && entry.typecode === HvmType.CPU);
  return cpus.find((entry) => entry.instance === instance) ?? cpus[0];
}

/** Records that part one set of registers from the next. */
const isBorder = (records: RecordIndex, index: number): boolean =>
  records.layerAt(index) !== 'libxc' ||
  records.typeAt(index) === LibxcType.PAGE_DATA ||
  records.typeAt(index) === LibxcType.CHECKPOINT;

/** The registers saved along with `record`. */
function nearestBasic(records: RecordIndex, record: number, vcpu: number): number | undefined {
  for (const step of [-1, 1]) {
    for (let index = record, left = REACH; left > 0; index += step, left--) {
      if (index < 0 || index >= records.count || isBorder(records, index)) break;
      if (isBasic(records, index) && records.vcpuAt(index) === vcpu) return index;
    }
  }
  return undefined;
}
