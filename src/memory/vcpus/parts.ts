/**
 * The state of a vCPU: its registers, and what else the stream says of it, each read and decoded when it is looked at.
 * Of an HVM vCPU these are entries of the context, of a PV vCPU the records that libxc keeps of it.
 */
import { HVM_LAPIC, isX2apic } from '../../format/hvm/apic';
import { decodeHvmContext, entryLayout } from '../../format/hvm/context';
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { HvmType, hvmTypeName } from '../../format/hvm/types';
import { fieldsOf } from '../../format/kit/fields';
import { parse } from '../../format/kit/parse';
import { decode } from '../../format/kit/decode';
import { bodyFrom, type FieldNode } from '../../format/kit/node';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { guestOf } from '../../scan/decode-row';
import type { ContextEntry } from '../../scan/image';
import type { RecordRow } from '../../scan/records';
import type { RestoredVcpu } from '../../scan/restored/vcpus';
import type { NamedFields } from '../../format/kit/named';
import type { PartFields, PartName } from './part-fields';
import type { Saved } from './saved';

/** Where one part of a vCPU's state stands: a record, or an entry in one. */
export interface PartAt {
  /** `LAPIC`, `X86_PV_VCPU_MSRS`, `SHARED_INFO`, … */
  readonly name: string;
  readonly record: number;
  readonly entry?: ContextEntry;
  /** The LAPIC entry of the vCPU: its mode says how the registers of the APIC are laid out. */
  readonly lapic?: ContextEntry;
}

/** One entry or record that belongs to a vCPU, decoded. */
export interface Part<F = NamedFields> {
  readonly name: string;
  readonly record: number;
  /** File offset of its bytes, how many the file has, and how many there should be. */
  readonly offset: number;
  readonly length: number;
  readonly claimed: number;
  readonly nodes: readonly FieldNode[];
  /** All fields by name. */
  readonly fields: F;
}

/** The parts of a vCPU by name. */
export interface Parts {
  get<P extends PartName>(name: P): Part<PartFields<P>> | undefined;
  has(name: PartName): boolean;
  values(): Iterable<Part>;
}

/** Names of the parts that hold the registers, of HVM and of PV vCPUs. */
export const REGISTERS = ['CPU', 'X86_PV_VCPU_BASIC'] as const satisfies readonly PartName[];

/** Lists where the parts of a vCPU stand, each name once: of two entries of one type the later one counts. */
export function partsOf({ record, entries, header, records, guest }: RestoredVcpu): PartAt[] {
  const found = new Map<string, PartAt>();
  const add = (name: string, row: number | undefined): void => {
    if (row !== undefined) found.set(name, { name, record: row });
  };
  if (records) {
    add('X86_PV_VCPU_BASIC', record);
    add('X86_PV_VCPU_EXTENDED', records.extended);
    add('X86_PV_VCPU_XSAVE', records.xsave);
    add('X86_PV_VCPU_MSRS', records.msrs);
    add('SHARED_INFO', guest.sharedInfo);
  }
  const lapic = entries?.findLast(({ typecode }) => typecode === HvmType.LAPIC);
  for (const entry of [...(header ? [header] : []), ...(entries ?? [])]) {
    const name = hvmTypeName(entry.typecode);
    found.set(name, { name, record: entry.record, entry, ...(lapic && { lapic }) });
  }
  add('X86_TSC_INFO', guest.tscInfo);
  return [...found.values()];
}

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

/** The APIC's base in its entry, the descriptor included. */
const APIC_BASE_AT = fieldsOf(HVM_LAPIC, HVM_DESCRIPTOR_SIZE)('apic_base_msr');

/** Whether a LAPIC entry says that its APIC is in x2APIC mode: the registers are then laid out for that. */
async function saysX2apic({ source, image }: Saved, lapic: ContextEntry | undefined): Promise<boolean> {
  if (!lapic || lapic.length < APIC_BASE_AT.length) return false;
  const base = await source.read(lapic.offset + APIC_BASE_AT.offset, APIC_BASE_AT.length);
  const isWhole = base.length === APIC_BASE_AT.length;
  return isWhole && isX2apic(parse(HVM_LAPIC.fields.apic_base_msr, base, image.bigEndian !== true));
}

async function loadEntry(saved: Saved, { name, lapic }: PartAt, entry: ContextEntry): Promise<Part> {
  const { source, image } = saved;
  const claimed = HVM_DESCRIPTOR_SIZE + entry.length;
  const length = Math.max(0, Math.min(claimed, source.size - entry.offset));
  const bytes = await source.read(entry.offset, Math.min(length, ENTRY_LIMIT));
  const littleEndian = image.bigEndian !== true;
  const body = { bytes, offset: entry.offset, length, claimed, littleEndian, guest: guestOf(image) };
  const start = entry.offset + HVM_DESCRIPTOR_SIZE;
  const isX2 = entry.typecode === HvmType.LAPIC_REGS && (await saysX2apic(saved, lapic));
  const nodes = isX2
    ? decode(entryLayout(entry.typecode, entry.length, true), bodyFrom(body, HVM_DESCRIPTOR_SIZE, entry.length))
    : // The descriptor is not part of the state.
      (decodeHvmContext(body)[0]?.children ?? []).filter(({ offset }) => offset >= start);
  return {
    name,
    record: entry.record,
    offset: start,
    length: Math.max(0, length - HVM_DESCRIPTOR_SIZE),
    claimed: entry.length,
    nodes,
    fields: flatten(nodes),
  };
}

/** Decodes a record. Whoever keeps decoded records hands them out again. */
export type DecodeRecord = (row: RecordRow) => Promise<readonly FieldNode[]>;

async function loadRecord({ records, source }: Saved, record: number, decodeRecord: DecodeRecord): Promise<Part> {
  const row = records.row(record);
  if (!row) throw new Error('the record is not in the index');
  // What the record's own header says is not part of the state.
  const nodes = (await decodeRecord(row)).filter(({ name }) => name !== 'record header');
  const offset = row.offset + RECORD_HEADER_SIZE;
  const length = Math.max(0, Math.min(row.length, source.size - offset));
  return { name: row.name, record, offset, length, claimed: row.length, nodes, fields: flatten(nodes) };
}

/** Reads and decodes a part of a vCPU. Rejects with `ReadError`. */
export const loadPart = (saved: Saved, part: PartAt, decodeRecord: DecodeRecord): Promise<Part> =>
  part.entry ? loadEntry(saved, part, part.entry) : loadRecord(saved, part.record, decodeRecord);
