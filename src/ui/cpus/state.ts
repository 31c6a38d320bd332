/**
 * The state of a VCPU: its registers, and what else the stream says of it, each read and decoded when it is looked at.
 * Of an HVM VCPU these are entries of the context, of a PV one the records around its registers.
 */
import { isX2apic } from '../../format/hvm/apic';
import { decodeHvmContext, entryLayout } from '../../format/hvm/context';
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { HvmType, hvmTypeName } from '../../format/hvm/types';
import { readU64 } from '../../format/kit/bytes';
import { decode } from '../../format/kit/decode';
import { bodyFrom, type FieldNode } from '../../format/kit/node';
import { LibxcType } from '../../format/libxc/types';
import { recordSpec } from '../../format/records';
import { guestOf } from '../../scan/decode-row';
import type { ContextEntry, ImageInfo } from '../../scan/image';
import { decodedRecord } from '../../state/decoded';
import type { OpenFile } from '../../state/open-file';
import { recordsAround } from './round';
import type { Vcpu } from './vcpus';

/** One entry or record that belongs to a VCPU. */
export interface Part {
  /** `LAPIC`, `X86_PV_VCPU_MSRS`, `SHARED_INFO`, … */
  readonly name: string;
  readonly record: number;
  /** Its bytes in the file, and how many there should be. */
  readonly offset: number;
  readonly length: number;
  readonly claimed: number;
  readonly nodes: readonly FieldNode[];
  /** All fields by name. */
  readonly fields: ReadonlyMap<string, FieldNode>;
}

/** By name. */
export type Parts = ReadonlyMap<string, Part>;

/** Bytes of an entry that are loaded: an XSAVE area has up to 11 KiB. */
const ENTRY_LIMIT = 64 * 1024;

/** The FPU has a view of its own, and names of registers in it that mean others outside. */
const APART = new Set(['fpu_regs', 'fpu_ctxt']);

/** Fields by name. Names within a structure are unique but for padding, which nobody asks for. */
function flatten(nodes: readonly FieldNode[], into = new Map<string, FieldNode>()): Map<string, FieldNode> {
  for (const node of nodes) {
    if (!into.has(node.name)) into.set(node.name, node);
    const isGroup = node.value === null && node.children !== undefined;
    if (isGroup && !APART.has(node.name)) flatten(node.children, into);
  }
  return into;
}

/** Whether a LAPIC entry says that its APIC is in x2APIC mode: the registers are then laid out for that. */
async function saysX2apic(file: OpenFile, image: ImageInfo, lapic: ContextEntry | undefined): Promise<boolean> {
  if (!lapic || lapic.length < 8) return false;
  const base = await file.source.read(lapic.offset + HVM_DESCRIPTOR_SIZE, 8);
  return base.length === 8 && isX2apic(readU64(base, 0, image.bigEndian !== true));
}

async function loadEntry(
  file: OpenFile,
  image: ImageInfo,
  entry: ContextEntry,
  lapic: ContextEntry | undefined,
): Promise<Part> {
  const claimed = HVM_DESCRIPTOR_SIZE + entry.length;
  const length = Math.max(0, Math.min(claimed, file.source.size - entry.offset));
  const bytes = await file.source.read(entry.offset, Math.min(length, ENTRY_LIMIT));
  const littleEndian = image.bigEndian !== true;
  const body = { bytes, offset: entry.offset, length, claimed, littleEndian, guest: guestOf(image) };
  const start = entry.offset + HVM_DESCRIPTOR_SIZE;
  const isX2 = entry.typecode === HvmType.LAPIC_REGS && (await saysX2apic(file, image, lapic));
  const nodes = isX2
    ? decode(entryLayout(entry.typecode, entry.length, true), bodyFrom(body, HVM_DESCRIPTOR_SIZE, entry.length))
    : // The descriptor is not part of the state.
      (decodeHvmContext(body)[0]?.children ?? []).filter(({ offset }) => offset >= start);
  return {
    name: hvmTypeName(entry.typecode),
    record: entry.record,
    offset: start,
    length: Math.max(0, length - HVM_DESCRIPTOR_SIZE),
    claimed: entry.length,
    nodes,
    fields: flatten(nodes),
  };
}

async function loadRecord(file: OpenFile, record: number): Promise<Part> {
  const row = file.records.row(record);
  if (!row) throw new Error('the record is not in the index');
  const decoded = await decodedRecord(file, row);
  // What the record's own header says is not part of the state.
  const nodes = decoded.nodes.filter(({ name }) => name !== 'record header');
  const length = Math.max(0, Math.min(row.length, file.source.size - row.offset - 8));
  const { name, length: claimed } = row;
  return { name, record, offset: row.offset + 8, length, claimed, nodes, fields: flatten(nodes) };
}

const NEEDED = [
  LibxcType.X86_PV_VCPU_EXTENDED,
  LibxcType.X86_PV_VCPU_XSAVE,
  LibxcType.X86_PV_VCPU_MSRS,
  LibxcType.SHARED_INFO,
  LibxcType.X86_TSC_INFO,
] as const;

type Loaders = ReadonlyMap<string, () => Promise<Part>>;

/** How to get at each part of a VCPU, or at those of these names. Where an entry comes twice the later one counts. */
export function partLoaders(file: OpenFile, image: ImageInfo, vcpu: Vcpu, only?: ReadonlySet<string>): Loaders {
  const loaders = new Map<string, () => Promise<Part>>();
  const { entries, header } = vcpu;
  const add = (name: string, load: () => Promise<Part>): void => {
    if (only === undefined || only.has(name)) loaders.set(name, load);
  };
  if (!entries) add('X86_PV_VCPU_BASIC', () => loadRecord(file, vcpu.record));
  const lapic = entries?.findLast(({ typecode }) => typecode === HvmType.LAPIC);
  for (const entry of [...(header ? [header] : []), ...(entries ?? [])]) {
    add(hvmTypeName(entry.typecode), () => loadEntry(file, image, entry, lapic));
  }
  if (only !== undefined) return loaders;
  for (const [type, record] of recordsAround(file.records, vcpu, entries ? [LibxcType.X86_TSC_INFO] : NEEDED)) {
    const name = recordSpec('libxc', type)?.name;
    if (name !== undefined) add(name, () => loadRecord(file, record));
  }
  return loaders;
}

/** Of HVM and of PV VCPUs. */
export const REGISTERS = [hvmTypeName(HvmType.CPU), 'X86_PV_VCPU_BASIC'] as const;
