/** VCPUs whose registers the image holds: which there are, and the state of one that a restore would take. */
import { HVM_DESCRIPTOR_SIZE } from '../format/hvm/entries';
import { HvmType } from '../format/hvm/types';
import { VCPU_HEADER_SIZE } from '../format/libxc/vcpu-header';
import { LibxcType } from '../format/libxc/types';
import type { ContextEntry, ImageInfo } from '../scan/image';
import { RECORD_HEADER_SIZE } from '../format/framing';
import type { RecordIndex } from '../scan/records';
import type { ByteSource } from '../source/source';
import { hvmMemory, pvMemory, type VcpuMemory } from '../format/paging/vcpu';

/** A scanned image and its bytes. */
export interface Saved {
  readonly records: RecordIndex;
  readonly image: Readonly<ImageInfo>;
  readonly source: ByteSource;
}

/** Records looked at for the registers of a VCPU: four for each that Xen allows. */
export const REACH = 4 * 8192;
const CPU_SIZE_LIMIT = 4096;

/** Bytes of a CPU entry; undefined for one that is cut off or too long to be one. */
export async function entryBytes({ source }: Saved, { offset, length }: ContextEntry): Promise<Uint8Array | undefined> {
  if (length > CPU_SIZE_LIMIT) return undefined;
  const bytes = await source.read(offset + HVM_DESCRIPTOR_SIZE, length);
  return bytes.length < length ? undefined : bytes;
}

/** The context in an X86_PV_VCPU_BASIC record. */
export async function basicBytes({ records, source }: Saved, index: number): Promise<Uint8Array | undefined> {
  const length = records.lengthAt(index) - VCPU_HEADER_SIZE;
  if (length > CPU_SIZE_LIMIT * 2 || length <= 0) return undefined;
  return source.read(records.offsetAt(index) + RECORD_HEADER_SIZE + VCPU_HEADER_SIZE, length);
}

/** Of an HVM context's CPU entry. */
export async function ofEntry(saved: Saved, entry: ContextEntry | undefined): Promise<VcpuMemory | undefined> {
  const { bigEndian, addressBits } = saved.image;
  const bytes = entry && (await entryBytes(saved, entry));
  return bytes && hvmMemory(bytes, bigEndian !== true, addressBits);
}

/** Of an X86_PV_VCPU_BASIC record. */
export async function ofBasic(saved: Saved, index: number): Promise<VcpuMemory | undefined> {
  const bytes = await basicBytes(saved, index);
  return bytes && pvMemory(bytes, saved.image.bigEndian !== true);
}

/** The CPU entries of the last context that a restore takes. */
export function cpuEntries({ context, pagesEnd }: Readonly<ImageInfo>): readonly ContextEntry[] {
  const end = pagesEnd?.why === 'checkpoint' ? pagesEnd.record : Number.POSITIVE_INFINITY;
  const last = context.findLast(({ record }) => record < end)?.record;
  return context.filter(({ record, typecode }) => record === last && typecode === HvmType.CPU);
}

export const isBasic = (records: RecordIndex, index: number): boolean =>
  records.typeAt(index) === LibxcType.X86_PV_VCPU_BASIC &&
  records.layerAt(index) === 'libxc' &&
  !records.isHeader(index);

/** Records of registers that a restore takes, the last first. */
export function* lastBasics({ records, image }: Saved): Generator<number> {
  const end = image.pagesEnd;
  const from = end?.why === 'checkpoint' ? end.record : records.count;
  for (let index = from - 1; index >= 0 && index > from - REACH; index--) {
    if (isBasic(records, index)) yield index;
  }
}

/** Numbers of the VCPUs that have registers in the image, ascending. */
export function savedVcpuIds(saved: Saved): number[] {
  const ids = new Set(cpuEntries(saved.image).map(({ instance }) => instance));
  if (ids.size === 0) for (const index of lastBasics(saved)) ids.add(saved.records.vcpuAt(index));
  return [...ids].toSorted((a, b) => a - b);
}

/** The last state of a VCPU. Rejects with `ReadError`. */
export async function savedVcpu(saved: Saved, id: number): Promise<VcpuMemory | undefined> {
  if (saved.image.context.length > 0)
    return ofEntry(
      saved,
      cpuEntries(saved.image).find(({ instance }) => instance === id),
    );
  for (const index of lastBasics(saved)) if (saved.records.vcpuAt(index) === id) return ofBasic(saved, index);
  return undefined;
}
