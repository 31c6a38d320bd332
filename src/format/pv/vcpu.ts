/** The four records of a PV vCPU. Source: libxc-migration-stream.pandoc § X86_PV_VCPU_*. */
import { decode, decodeNode } from '../kit/decode';
import { array, bytes, type Field } from '../kit/layout';
import { parse } from '../kit/parse';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { MSR_ENTRY } from '../libxc/policy';
import { VCPU_HEADER, VCPU_HEADER_SIZE } from '../libxc/vcpu-header';
import { decodePvXsave } from '../x86/xsave';
import { extendedNodes } from './extended';
import { FIRST_CONTEXT_32, GUEST_CONTEXT_32, GUEST_CONTEXT_32_SIZE } from './guest-context-32';
import { FIRST_CONTEXT_64, GUEST_CONTEXT_64, GUEST_CONTEXT_64_SIZE } from './guest-context-64';

const SOURCE = 'docs/specs/libxc-migration-stream.pandoc (X86_PV_VCPU_BASIC, EXTENDED, XSAVE, MSRS)';

/** The length says whose context it is: there is no other mark. */
const contexts = (first: boolean): Readonly<Record<number, Field>> => ({
  [GUEST_CONTEXT_32_SIZE]: first ? FIRST_CONTEXT_32 : GUEST_CONTEXT_32,
  [GUEST_CONTEXT_64_SIZE]: first ? FIRST_CONTEXT_64 : GUEST_CONTEXT_64,
});
const FIRST = contexts(true);
const OTHER = contexts(false);

const OPAQUE = bytes('rest', { doc: 'Context of a size that no Xen writes.', source: SOURCE });
const MSRS = array(MSR_ENTRY, 'rest', { doc: 'MSRs of the vCPU that are not 0.', source: SOURCE });

const vcpuHeader = (body: Body): FieldNode[] => decode(VCPU_HEADER, bodyFrom(body, 0, VCPU_HEADER_SIZE));

/** Decodes the body of an X86_PV_VCPU_BASIC record: the registers. */
export function decodeVcpuBasic(body: Body): FieldNode[] {
  // The layout is that of the length claimed: what the end of the file leaves of it is still shown.
  const context = bodyFrom(body, VCPU_HEADER_SIZE, body.claimed - VCPU_HEADER_SIZE);
  const nodes = vcpuHeader(body);
  if (context.length === 0) return nodes;
  const isFirst =
    body.bytes.length >= VCPU_HEADER_SIZE && parse(VCPU_HEADER, body.bytes, body.littleEndian).vcpu_id === 0;
  const layout = (isFirst ? FIRST : OTHER)[context.claimed] ?? OPAQUE;
  return [...nodes, decodeNode('vcpu_guest_context', layout, context)];
}

/** Decodes the body of an X86_PV_VCPU_EXTENDED record: entry points and machine-check state. */
export function decodeVcpuExtended(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE, body.claimed - VCPU_HEADER_SIZE);
  return context.length === 0 ? vcpuHeader(body) : [...vcpuHeader(body), ...extendedNodes(context)];
}

/** Decodes the body of an X86_PV_VCPU_MSRS record. */
export function decodeVcpuMsrs(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE);
  return context.length === 0 ? vcpuHeader(body) : [...vcpuHeader(body), decodeNode('msrs', MSRS, context)];
}

/** Decodes the body of an X86_PV_VCPU_XSAVE record: the extended state. */
export function decodeVcpuXsave(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE, body.claimed - VCPU_HEADER_SIZE);
  return context.length === 0 ? vcpuHeader(body) : [...vcpuHeader(body), ...decodePvXsave(context)];
}
