/** The vCPUs whose registers the image holds, and their registers as a restore would take them. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { HvmType } from '../../format/hvm/types';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { LibxcType } from '../../format/libxc/types';
import { VCPU_HEADER_SIZE } from '../../format/libxc/vcpu-header';
import type { ContextEntry, ImageInfo } from '../../scan/image';
import type { RecordIndex } from '../../scan/records';
import { keptRecords } from '../../scan/restored/records';
import { type RestoredVcpu, restoredVcpus } from '../../scan/restored/vcpus';
import type { ByteSource } from '../../source/source';
import type { VcpuPoint } from './point';

/** A scanned image and its bytes. */
export interface Saved {
  readonly records: RecordIndex;
  readonly image: Readonly<ImageInfo>;
  readonly source: ByteSource;
}

/** A vCPU, and the record that holds its registers: an X86_PV_VCPU_BASIC, or an HVM_CONTEXT with a CPU entry. */
export type SavedVcpu = Pick<RestoredVcpu, 'id' | 'record'>;

/** Where the registers of a vCPU stand in the file: a vcpu_guest_context, or an hvm_hw_cpu. */
export interface SavedRegisters extends SavedVcpu {
  readonly kind: 'pv' | 'hvm';
  /** File offset, and bytes as the stream claims them. */
  readonly offset: number;
  readonly length: number;
}

/** Longest structures that are read: a vcpu_guest_context has 5168 bytes, an hvm_hw_cpu some thousand. */
const LENGTH_LIMIT = { pv: 8192, hvm: 4096 } as const;

const ofEntry = ({ instance, record, offset, length }: ContextEntry): SavedRegisters => ({
  id: instance,
  record,
  kind: 'hvm',
  offset: offset + HVM_DESCRIPTOR_SIZE,
  length,
});

const ofBasic = (records: RecordIndex, id: number, record: number): SavedRegisters => ({
  id,
  record,
  kind: 'pv',
  offset: records.offsetAt(record) + RECORD_HEADER_SIZE + VCPU_HEADER_SIZE,
  length: Math.max(0, records.lengthAt(record) - VCPU_HEADER_SIZE),
});

function registersOf(records: RecordIndex, vcpu: RestoredVcpu): SavedRegisters | undefined {
  const basic = vcpu.records?.basic;
  if (basic !== undefined) return ofBasic(records, vcpu.id, basic);
  const entry = vcpu.entries?.findLast(({ typecode }) => typecode === HvmType.CPU);
  return entry && ofEntry(entry);
}

/**
 * Returns where the registers stand that a restore would take, vCPUs in ascending order. One that was never brought up
 * has none, and those that the end of the file cuts are left out.
 */
export function savedVcpus({ records, image, source }: Saved): SavedRegisters[] {
  const all = restoredVcpus(image, keptRecords({ records, image })).map((vcpu) => registersOf(records, vcpu));
  return all.filter((one) => one !== undefined).filter(({ offset, length }) => offset + length <= source.size);
}

const isBasic = (records: RecordIndex, record: number): boolean =>
  record >= 0 &&
  record < records.count &&
  records.typeAt(record) === LibxcType.X86_PV_VCPU_BASIC &&
  records.layerAt(record) === 'libxc' &&
  !records.isHeader(record);

/** Returns where the registers of a vCPU stand in a record; undefined where it holds none of that vCPU. */
function registersIn({ records, image }: Saved, { id, record }: SavedVcpu): SavedRegisters | undefined {
  const entry = image.context.findLast(
    (one) => one.record === record && one.typecode === HvmType.CPU && one.instance === id,
  );
  if (entry) return ofEntry(entry);
  return isBasic(records, record) && records.vcpuAt(record) === id ? ofBasic(records, id, record) : undefined;
}

/** Reads a structure of registers; undefined for one that is cut off or too long to be one. Rejects with `ReadError`. */
async function registerBytes(
  { source }: Pick<Saved, 'source'>,
  { kind, offset, length }: SavedRegisters,
): Promise<Uint8Array | undefined> {
  if (length > LENGTH_LIMIT[kind] || offset + length > source.size) return undefined;
  return source.read(offset, length);
}

// The layouts of registers are large: a page loads them when it first reads any.
async function memoryOf(saved: Saved, registers: SavedRegisters): Promise<VcpuMemory | undefined> {
  const { bigEndian, addressBits } = saved.image;
  const bytes = await registerBytes(saved, registers);
  if (!bytes) return undefined;
  const { hvmMemory, pvMemory } = await import('../../format/paging/vcpu');
  return registers.kind === 'pv'
    ? pvMemory(bytes, bigEndian !== true)
    : hvmMemory(bytes, bigEndian !== true, addressBits);
}

/** Reads how a vCPU finds memory, by the registers that a restore would take. Rejects with `ReadError`. */
export async function savedVcpu(saved: Saved, id: number): Promise<VcpuMemory | undefined> {
  const registers = savedVcpus(saved).find((one) => one.id === id);
  return registers && memoryOf(saved, registers);
}

/** Reads how a vCPU finds memory, by the registers in a record, whether a restore takes them or not. Rejects with `ReadError`. */
export async function readMemory(saved: Saved, vcpu: SavedVcpu): Promise<VcpuMemory | undefined> {
  const registers = registersIn(saved, vcpu);
  return registers && memoryOf(saved, registers);
}

/** Reads where a vCPU is in its code, by the registers in a record; undefined for none that can be read. Rejects with `ReadError`. */
export async function readPoint(saved: Saved, vcpu: SavedVcpu): Promise<VcpuPoint | undefined> {
  const registers = registersIn(saved, vcpu);
  const bytes = registers && (await registerBytes(saved, registers));
  if (!bytes) return undefined;
  const { bigEndian, addressBits } = saved.image;
  const { hvmPoint, pvPoint } = await import('./point');
  return registers.kind === 'pv'
    ? pvPoint(bytes, bigEndian !== true)
    : hvmPoint(bytes, bigEndian !== true, addressBits);
}
