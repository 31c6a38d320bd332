/** HVM_CONTEXT: Xen's HVM save records one after the other, no padding. Source: public/hvm/save.h, arch-x86/hvm/save.h. */
import { byteSize } from '../../lib/text';
import { decode } from '../kit/decode';
import { fieldsOf } from '../kit/fields';
import { bytes, struct, type StructField } from '../kit/layout';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { parse } from '../kit/parse';
import { decodeHvmXsave } from '../x86/xsave';
import { HVM_LAPIC, isX2apic } from './apic';
import { HVM_LAPIC_REGS_X2APIC } from './apic-regs';
import { hvmBody } from './bodies';
import { layoutOfLength, lengthProblem } from './length';
import { HVM_DESCRIPTOR, HVM_DESCRIPTOR_SIZE, type HvmEntry, hvmEntries } from './entries';
import { hvmSpec, HvmType, hvmTypeName, isPerVcpu } from './types';

const SOURCE = 'public/hvm/save.h';

/** Where the base MSR of an APIC stands in a LAPIC entry. */
const APIC_BASE_AT = fieldsOf(HVM_LAPIC, HVM_DESCRIPTOR_SIZE)('apic_base_msr');

const OPAQUE = struct('opaque', { data: bytes('rest', { doc: 'Body of the entry, as it is.' }) }, { source: SOURCE });

/**
 * Returns the layout of an entry's body. `isX2` tells for LAPIC_REGS that the APIC of the vCPU is in x2APIC mode, as the LAPIC
 * entry before it says.
 */
export function entryLayout(typecode: number, length: number, isX2 = false): StructField {
  if (typecode === HvmType.LAPIC_REGS && isX2) return HVM_LAPIC_REGS_X2APIC;
  const body = hvmBody(typecode);
  const layout = body ? layoutOfLength(body, length) : undefined;
  return layout ?? OPAQUE;
}

/** Decodes an HVM context into its entries, each with its descriptor and fields below it. */
export function decodeHvmContext(body: Body): FieldNode[] {
  const nodes: FieldNode[] = [];
  /** vCPUs whose APIC is in x2APIC mode. */
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
  const { offset, length } = APIC_BASE_AT;
  const start = at + offset;
  if (available < length || start + length > context.length) return false;
  return isX2apic(parse(HVM_LAPIC.fields.apic_base_msr, context, littleEndian, start));
}

/** Which vCPU or device an entry belongs to, in words. */
function instanceNote({ typecode, instance }: HvmEntry): string | undefined {
  return isPerVcpu(typecode) ? `vCPU ${instance}` : hvmSpec(typecode)?.devices?.[instance];
}

function entryProblem({ typecode, length, available }: HvmEntry): string | undefined {
  if (available < length) return `claims ${byteSize(length)}, has ${byteSize(available)}`;
  const body = hvmBody(typecode);
  return body ? lengthProblem(body, length) : 'a type that Xen does not define';
}

function entryNode(entry: HvmEntry, body: Body, isX2: boolean): FieldNode {
  const kind = hvmBody(entry.typecode);
  const layout = entryLayout(entry.typecode, entry.length, isX2);
  const descriptor = decode(HVM_DESCRIPTOR, bodyFrom(body, entry.at, HVM_DESCRIPTOR_SIZE));
  const inner = bodyFrom(body, entry.at + HVM_DESCRIPTOR_SIZE, entry.length);
  const isXsave = entry.typecode === HvmType.CPU_XSAVE;
  const content =
    inner.length === 0 && entry.length === 0 ? [] : isXsave ? decodeHvmXsave(inner) : decode(layout, inner);
  const note = instanceNote(entry);
  const problem = entryProblem(entry);
  return {
    name: `${hvmTypeName(entry.typecode)}[${entry.instance}]`,
    offset: body.offset + entry.at,
    length: HVM_DESCRIPTOR_SIZE + entry.available,
    value: null,
    text: byteSize(entry.length),
    ...(note === undefined ? {} : { note }),
    doc: hvmSpec(entry.typecode)?.doc ?? 'An entry of a type that Xen does not define; it refuses the context.',
    source: kind?.source ?? kind?.layout?.source ?? SOURCE,
    ...(problem === undefined ? {} : { problem }),
    children: [...descriptor, ...content],
  };
}
