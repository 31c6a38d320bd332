/** HVM_CONTEXT: Xen's HVM save records one after the other, no padding. Source: public/hvm/save.h, arch-x86/hvm/save.h. */
import { byteSize } from '../../lib/text';
import { readSmall, readU32 } from '../kit/bytes';
import { decode } from '../kit/decode';
import { bytes, struct, type StructField, u16, u32 } from '../kit/layout';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { HVM_CPU } from './cpu';
import { HVM_HEADER } from './header';

export const HVM_DESCRIPTOR_SIZE = 8;
export const HvmType = { END: 0, HEADER: 1, CPU: 2, PIC: 3 } as const;
/** Entries shown of one context; a real one has fewer than 16 per VCPU. */
const HVM_ENTRY_LIMIT = 65_536;

interface HvmSpec {
  readonly name: string;
  /** Instance is a VCPU id. */
  readonly perVcpu: boolean;
  readonly layout?: StructField;
}

export const HVM_TYPES: Readonly<Record<number, HvmSpec>> = {
  0: { name: 'END', perVcpu: false },
  1: { name: 'HEADER', perVcpu: false, layout: HVM_HEADER },
  2: { name: 'CPU', perVcpu: true, layout: HVM_CPU },
  3: { name: 'PIC', perVcpu: false },
  4: { name: 'IOAPIC', perVcpu: false },
  5: { name: 'LAPIC', perVcpu: true },
  6: { name: 'LAPIC_REGS', perVcpu: true },
  7: { name: 'PCI_IRQ', perVcpu: false },
  8: { name: 'ISA_IRQ', perVcpu: false },
  9: { name: 'PCI_LINK', perVcpu: false },
  10: { name: 'PIT', perVcpu: false },
  11: { name: 'RTC', perVcpu: false },
  12: { name: 'HPET', perVcpu: false },
  13: { name: 'PMTIMER', perVcpu: false },
  14: { name: 'MTRR', perVcpu: true },
  15: { name: 'VIRIDIAN_DOMAIN', perVcpu: false },
  16: { name: 'CPU_XSAVE', perVcpu: true },
  17: { name: 'VIRIDIAN_VCPU', perVcpu: true },
  18: { name: 'VMCE_VCPU', perVcpu: true },
  19: { name: 'TSC_ADJUST', perVcpu: true },
  20: { name: 'CPU_MSR', perVcpu: true },
};

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

const DESCRIPTOR = struct('hvm_save_descriptor', {
  typecode: u16({ names: Object.fromEntries(Object.entries(HVM_TYPES).map(([code, { name }]) => [code, name])) }),
  instance: u16({ doc: 'VCPU or device instance.' }),
  length: u32({ display: 'bytes', doc: 'Bytes of the body that follows.' }),
});

const OPAQUE = struct('opaque', { data: bytes('rest') });

/**
 * The old form of 1016 bytes has no msr_tsc_aux, and that of 1024 no flags: Xen takes what is missing at the end of a
 * CPU entry as zeros, save that it moves the fields behind msr_tsc_aux.
 */
const { msr_tsc_aux: _absent, flags: _flags, pad0: _pad, ...CPU_1016_FIELDS } = HVM_CPU.fields;
const HVM_CPU_1016 = struct('hvm_hw_cpu (before Xen 4.0)', CPU_1016_FIELDS);
const { flags: _f, pad0: _p, ...CPU_1024_FIELDS } = HVM_CPU.fields;
const HVM_CPU_1024 = struct('hvm_hw_cpu (before Xen 4.7)', CPU_1024_FIELDS);

/** The layout of a CPU entry of this length. */
export function cpuLayout(length: number): StructField {
  if (length === 1016) return HVM_CPU_1016;
  return length === 1024 ? HVM_CPU_1024 : HVM_CPU;
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
  let end = 0;
  for (const entry of hvmEntries(body.bytes, body.length, body.littleEndian)) {
    nodes.push(entryNode(entry, body));
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
    });
  }
  return nodes;
}

function entryNode(entry: HvmEntry, body: Body): FieldNode {
  const spec = HVM_TYPES[entry.typecode];
  const layout = entry.typecode === HvmType.CPU ? cpuLayout(entry.length) : (spec?.layout ?? OPAQUE);
  const descriptor = decode(DESCRIPTOR, bodyFrom(body, entry.at, HVM_DESCRIPTOR_SIZE));
  const inner = bodyFrom(body, entry.at + HVM_DESCRIPTOR_SIZE, entry.length);
  const content = inner.length === 0 && entry.length === 0 ? [] : decode(layout, inner);
  const short = entry.available < entry.length;
  return {
    name: `${entryName(entry)}[${entry.instance}]`,
    offset: body.offset + entry.at,
    length: HVM_DESCRIPTOR_SIZE + entry.available,
    value: null,
    text: byteSize(entry.length),
    ...(spec?.perVcpu ? { note: `vCPU ${entry.instance}` } : {}),
    ...(spec === undefined ? { problem: 'a type that Xen does not define' } : {}),
    ...(short ? { problem: `claims ${byteSize(entry.length)}, has ${byteSize(entry.available)}` } : {}),
    children: [...descriptor, ...content],
  };
}
