/** The four per-VCPU records of a PV guest. Source: libxc-migration-stream.pandoc § X86_PV_VCPU_*. */
import { decode, decodeNode } from '../kit/decode';
import { array, bytes, type Field, struct, u32 } from '../kit/layout';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { MSR_ENTRY } from '../libxc/policy';
import { GUEST_CONTEXT_32, GUEST_CONTEXT_32_SIZE } from './guest-context-32';
import { GUEST_CONTEXT_64, GUEST_CONTEXT_64_SIZE } from './guest-context-64';

const VCPU_HEADER_SIZE = 8;

const VCPU_HEADER = struct('vcpu header', {
  vcpu_id: u32({ doc: 'Which VCPU.' }),
  reserved: u32({ display: 'hex', mustBe: 0 }),
});

/** The length says whose context it is: there is no other mark. */
const CONTEXTS: Readonly<Record<number, Field>> = {
  [GUEST_CONTEXT_32_SIZE]: GUEST_CONTEXT_32,
  [GUEST_CONTEXT_64_SIZE]: GUEST_CONTEXT_64,
};

const OPAQUE = bytes('rest');
const MSRS = array(MSR_ENTRY, 'rest', { doc: 'MSRs of the VCPU.' });

function vcpu(body: Body, context: FieldNode | undefined): FieldNode[] {
  const nodes = decode(VCPU_HEADER, bodyFrom(body, 0, VCPU_HEADER_SIZE));
  return context === undefined ? nodes : [...nodes, context];
}

export function decodeVcpuBasic(body: Body): FieldNode[] {
  // The layout is that of the length claimed: what the end of the file leaves of it is still shown.
  const context = bodyFrom(body, VCPU_HEADER_SIZE, body.claimed - VCPU_HEADER_SIZE);
  if (context.length === 0) return vcpu(body, undefined);
  return vcpu(body, decodeNode('vcpu_guest_context', CONTEXTS[context.claimed] ?? OPAQUE, context));
}

export function decodeVcpuMsrs(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE);
  return vcpu(body, context.length === 0 ? undefined : decodeNode('msrs', MSRS, context));
}

export function decodeVcpuContext(body: Body): FieldNode[] {
  const context = bodyFrom(body, VCPU_HEADER_SIZE);
  return vcpu(body, context.length === 0 ? undefined : decodeNode('context', OPAQUE, context));
}
