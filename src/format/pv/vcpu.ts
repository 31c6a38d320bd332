/** The four per-VCPU records of a PV guest. Source: libxc-migration-stream.pandoc § X86_PV_VCPU_*. */
import { readU32 } from '../kit/bytes';
import { decode, decodeNode } from '../kit/decode';
import { array, bytes, type Field, struct, u32 } from '../kit/layout';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { MSR_ENTRY } from '../libxc/policy';
import { decodePvXsave } from '../x86/xsave';
import { extendedNodes } from './extended';
import { FIRST_CONTEXT_32, GUEST_CONTEXT_32, GUEST_CONTEXT_32_SIZE } from './guest-context-32';
import { FIRST_CONTEXT_64, GUEST_CONTEXT_64, GUEST_CONTEXT_64_SIZE } from './guest-context-64';

const VCPU_HEADER_SIZE = 8;

const SOURCE = 'docs/specs/libxc-migration-stream.pandoc (X86_PV_VCPU_BASIC, EXTENDED, XSAVE, MSRS)';

export const VCPU_HEADER = struct(
  'vcpu header',
  {
    vcpu_id: u32({ doc: 'VCPU that the record belongs to.' }),
    reserved: u32({ display: 'hex', mustBe: 0, doc: 'Reserved, 0; restore ignores it.' }),
  },
  { source: SOURCE },
);

/** The length says whose context it is: there is no other mark. */
const contexts = (first: boolean): Readonly<Record<number, Field>> => ({
  [GUEST_CONTEXT_32_SIZE]: first ? FIRST_CONTEXT_32 : GUEST_CONTEXT_32,
  [GUEST_CONTEXT_64_SIZE]: first ? FIRST_CONTEXT_64 : GUEST_CONTEXT_64,
});
const FIRST = contexts(true);
const OTHER = contexts(false);

const OPAQUE = bytes('rest', { doc: 'Context of a size that no Xen writes.', source: SOURCE });
const MSRS = array(MSR_ENTRY, 'rest', { doc: 'MSRs of the VCPU that are not 0.', source: SOURCE });

const vcpuHeader = (body: Body): FieldNode[] => decode(VCPU_HEADER, bodyFrom(body, 0, VCPU_HEADER_SIZE));

export function decodeVcpuBasic(body: Body): FieldNode[] {
  // The layout is that of the length claimed: what the end of the file leaves of it is still shown.
  const context = bodyFrom(body, VCPU_HEADER_SIZE, body.claimed - VCPU_HEADER_SIZE);
  const nodes = vcpuHeader(body);
  if (context.length === 0) return nodes;
  const isFirst = body.bytes.length >= 4 && readU32(body.bytes, 0, body.littleEndian) === 0;
  const layout = (isFirst ? FIRST : OTHER)[context.claimed] ?? OPAQUE;
  return [...nodes, decodeNode('vcpu_guest_context', layout, context)];
}

export function decodeVcpuExtended(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE, body.claimed - VCPU_HEADER_SIZE);
  return context.length === 0 ? vcpuHeader(body) : [...vcpuHeader(body), ...extendedNodes(context)];
}

export function decodeVcpuMsrs(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE);
  return context.length === 0 ? vcpuHeader(body) : [...vcpuHeader(body), decodeNode('msrs', MSRS, context)];
}

export function decodeVcpuXsave(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE, body.claimed - VCPU_HEADER_SIZE);
  return context.length === 0 ? vcpuHeader(body) : [...vcpuHeader(body), ...decodePvXsave(context)];
}
