/** Which VCPU a field belongs to, and the registers by which its addresses are found. */
import { HVM_DESCRIPTOR_SIZE, HvmType, isPerVcpu } from '../format/hvm/entries';
import { LibxcType } from '../format/libxc/types';
import { hvmMemory, pvMemory, type VcpuMemory } from '../memory/vcpu';
import type { ContextEntry } from '../scan/image';
import { RECORD_HEADER_SIZE } from '../scan/plausible';
import type { RecordIndex } from '../scan/records';
import { fileData } from './session';
import { useApp } from './store';

/** Records looked at on either side for the registers of a VCPU: four for each that Xen allows. */
const REACH = 4 * 8192;
const VCPU_HEADER_SIZE = 8;
const CPU_SIZE_LIMIT = 4096;

/** The VCPU that the field at a file offset in `record` belongs to; VCPU 0 for what belongs to none. */
export async function vcpuOf(record: number, offset: number): Promise<VcpuMemory | undefined> {
  const { context } = useApp.getState().image;
  if (context.length > 0) return ofContext(cpuEntry(context, record, offset));
  const { records } = fileData();
  const own = records.vcpuAt(record);
  const basic = own >= 0 ? nearestBasic(records, record, own) : lastBasic(records, useApp.getState().place.vcpu ?? 0);
  return basic === undefined ? undefined : ofBasic(basic);
}

/** The CPU entry in the same context as the field, else in the last one: that of the field's own instance if it has one. */
function cpuEntry(context: readonly ContextEntry[], record: number, offset: number): ContextEntry | undefined {
  const around = context.findLast((entry) => entry.record === record && entry.offset <= offset);
  const perVcpu = around !== undefined && isPerVcpu(around.typecode);
  const instance = perVcpu ? around.instance : (useApp.getState().place.vcpu ?? 0);
  const where = around?.record ?? context.at(-1)?.record;
  const cpus = context.filter((entry) => entry.record === where && entry.typecode === HvmType.CPU);
  return cpus.find((entry) => entry.instance === instance) ?? cpus[0];
}

async function ofContext(entry: ContextEntry | undefined): Promise<VcpuMemory | undefined> {
  if (!entry || entry.length > CPU_SIZE_LIMIT) return undefined;
  const { bigEndian, addressBits } = useApp.getState().image;
  const bytes = await fileData().source.read(entry.offset + HVM_DESCRIPTOR_SIZE, entry.length);
  return bytes.length < entry.length ? undefined : hvmMemory(bytes, bigEndian !== true, addressBits);
}

const isBasic = (records: RecordIndex, index: number, vcpu: number): boolean =>
  records.typeAt(index) === LibxcType.X86_PV_VCPU_BASIC &&
  records.layerAt(index) === 'libxc' &&
  !records.isHeader(index) &&
  records.vcpuAt(index) === vcpu;

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
      if (isBasic(records, index, vcpu)) return index;
    }
  }
  return undefined;
}

/** The last registers of a VCPU that a restore takes. */
function lastBasic(records: RecordIndex, vcpu: number): number | undefined {
  const end = useApp.getState().image.pagesEnd;
  const from = end?.why === 'checkpoint' ? end.record : records.count;
  for (let index = from - 1; index >= 0 && index > from - REACH; index--) {
    if (isBasic(records, index, vcpu)) return index;
  }
  return undefined;
}

async function ofBasic(index: number): Promise<VcpuMemory | undefined> {
  const { records, source } = fileData();
  const length = records.lengthAt(index) - VCPU_HEADER_SIZE;
  if (length > CPU_SIZE_LIMIT * 2 || length <= 0) return undefined;
  const bytes = await source.read(records.offsetAt(index) + RECORD_HEADER_SIZE + VCPU_HEADER_SIZE, length);
  return pvMemory(bytes, useApp.getState().image.bigEndian !== true);
}
