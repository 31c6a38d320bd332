/** HVM_CONTEXT: Xen's HVM save records one after the other, no padding. Source: public/hvm/save.h, arch-x86/hvm/save.h. */
import { byteSize } from '../../lib/text';
import { readSmall, readU32, readU64 } from '../kit/bytes';
import { decode } from '../kit/decode';
import { bytes, layoutOfSize, struct, type StructField, u16, u32 } from '../kit/layout';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { isX2apic } from './apic';
import { HVM_LAPIC_REGS_X2APIC } from './apic-regs';
import { cpuLayout } from './cpu';
import { lengthProblem } from './length';
import { HVM_TYPES, HvmType } from './types';

export { HVM_TYPES, HvmType, cpuLayout };

export const HVM_DESCRIPTOR_SIZE = 8;
/** Entries shown of one context; a real one has fewer than 16 per VCPU. */
const HVM_ENTRY_LIMIT = 65_536;

const SOURCE = 'public/hvm/save.h';

/** One entry's place in the context. */
export interface HvmEntry {
  readonly typecode: number;
  readonly instance: number;
  /** Offset of the descriptor in the context, bytes. */
  readonly at: number;
  /** Length that the descriptor claims, bytes. */
  readonly length: number;
  /** Bytes of it that the context holds. */
  readonly available: number;
}

export const HVM_DESCRIPTOR = struct(
  'hvm_save_descriptor',
  {
    typecode: u16({
      names: Object.fromEntries(Object.entries(HVM_TYPES).map(([code, { name }]) => [code, name])),
      doc: 'What the entry carries.',
    }),
    instance: u16({ doc: 'VCPU or device that the entry belongs to; 0 where there is only one.' }),
    length: u32({ display: 'bytes', doc: 'Bytes of the body that follows.' }),
  },
  { source: `${SOURCE} (struct hvm_save_descriptor)` },
);

const OPAQUE = struct('opaque', { data: bytes('rest', { doc: 'Body of the entry, as it is.' }) }, { source: SOURCE });

/**
 * The layout of an entry's body. `isX2` tells for LAPIC_REGS that the APIC of the VCPU is in x2APIC mode, as the LAPIC
 * entry before it says.
 */
function entryLayout(typecode: number, length: number, isX2 = false): StructField {
  if (typecode === HvmType.CPU) return cpuLayout(length);
  if (typecode === HvmType.LAPIC_REGS && isX2) return HVM_LAPIC_REGS_X2APIC;
  return layoutOfSize(HVM_TYPES[typecode]?.layout ?? OPAQUE, length);
}

export function entryName(entry: { readonly typecode: number }): string {
  return HVM_TYPES[entry.typecode]?.name ?? `type ${entry.typecode}`;
}

/** Walks the descriptors. Stops at END, at the end of the context, or at `HVM_ENTRY_LIMIT`. */
export function* hvmEntries(context: Uint8Array, length: number, little: boolean): Generator<HvmEntry> {
  let at = 0;
  for (let seen = 0; seen < HVM_ENTRY_LIMIT && at + HVM_DESCRIPTOR_SIZE <= context.length; seen++) {
    const typecode = readSmall(context, at, 2, little);
    const instance = readSmall(context, at + 2, 2, little);
    const bodyLength = readU32(context, at + 4, little);
    const room = length - at - HVM_DESCRIPTOR_SIZE;
    yield { typecode, instance, at, length: bodyLength, available: Math.min(bodyLength, room) };
    if (typecode === HvmType.END || bodyLength > room) return;
    at += HVM_DESCRIPTOR_SIZE + bodyLength;
  }
}

export function decodeHvmContext(body: Body): FieldNode[] {
  const nodes: FieldNode[] = [];
  /** VCPUs whose APIC is in x2APIC mode. */
  const x2apics = new Set<number>();
  let end = 0;
  for (const entry of hvmEntries(body.bytes, body.length, body.littleEndian)) {
    if (entry.typecode === HvmType.LAPIC && hasX2apic(entry, body)) x2apics.add(entry.instance);
    nodes.push(entryNode(entry, body, x2apics.has(entry.instance)));
    end = entry.at + HVM_DESCRIPTOR_SIZE + entry.available;
  }
  if (end < body.length) {
    nodes.push({
      name: 'rest',
      offset: body.offset + end,
      length: body.length - end,
      value: null,
      text: byteSize(body.length - end),
      doc: 'Bytes that no entry covers; Xen ignores what follows END.',
      source: SOURCE,
    });
  }
  return nodes;
}

function hasX2apic({ at, available }: HvmEntry, { bytes: context, littleEndian }: Body): boolean {
  const from = at + HVM_DESCRIPTOR_SIZE;
  return available >= 8 && from + 8 <= context.length && isX2apic(readU64(context, from, littleEndian));
}

/** Which VCPU or device an entry belongs to, in words. */
function instanceNote({ typecode, instance }: HvmEntry): string | undefined {
  const spec = HVM_TYPES[typecode];
  return spec?.perVcpu === true ? `vCPU ${instance}` : spec?.devices?.[instance];
}

function entryProblem({ typecode, length, available }: HvmEntry): string | undefined {
  if (available < length) return `claims ${byteSize(length)}, has ${byteSize(available)}`;
  const spec = HVM_TYPES[typecode];
  return spec === undefined ? 'a type that Xen does not define' : lengthProblem(spec.length, length);
}

function entryNode(entry: HvmEntry, body: Body, isX2: boolean): FieldNode {
  const spec = HVM_TYPES[entry.typecode];
  const layout = entryLayout(entry.typecode, entry.length, isX2);
  const descriptor = decode(HVM_DESCRIPTOR, bodyFrom(body, entry.at, HVM_DESCRIPTOR_SIZE));
  const inner = bodyFrom(body, entry.at + HVM_DESCRIPTOR_SIZE, entry.length);
  const content = inner.length === 0 && entry.length === 0 ? [] : decode(layout, inner);
  const note = instanceNote(entry);
  const problem = entryProblem(entry);
  return {
    name: `${entryName(entry)}[${entry.instance}]`,
    offset: body.offset + entry.at,
    length: HVM_DESCRIPTOR_SIZE + entry.available,
    value: null,
    text: byteSize(entry.length),
    ...(note === undefined ? {} : { note }),
    doc: spec?.doc ?? 'An entry of a type that Xen does not define; it refuses the context.',
    source: spec?.source ?? SOURCE,
    ...(problem === undefined ? {} : { problem }),
    children: [...descriptor, ...content],
  };
}
