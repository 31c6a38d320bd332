/**
 * X86_PV_VCPU_EXTENDED: xen_domctl_ext_vcpucontext. Source: public/domctl.h. It grew: 32 bytes in Xen 4.0, 40 (mcg_cap
 * only) in 4.2, 56 in 4.3 – 4.9, 64 since; the legacy format kept a union of 128 bytes, whose end means nothing.
 */
import { decodeNode } from '../kit/decode';
import { fieldsOf } from '../kit/fields';
import { bytes, layoutOfSize, olderSizes, sizeOf, struct, toVa, u32, u8 } from '../kit/layout';
import { parse } from '../kit/parse';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { register64, selector } from '../x86/fields';
import { VMCE_VCPU } from '../x86/vmce';

const yes = (doc: string) => u8({ names: { 0: 'no', 1: 'yes' }, doc });

/** xen_domctl_ext_vcpucontext as the newest Xen has it; older ones stop earlier. */
export const EXT_VCPUCONTEXT = struct(
  'xen_domctl_ext_vcpucontext',
  {
    vcpu: u32({ doc: 'vCPU that is restored: this one counts, not that of the record.' }),
    size: u32({ display: 'bytes', doc: 'Bytes of the structure that the saving Xen filled.' }),
    syscall32_callback_eip: register64('Where SYSCALL of a 32-bit program goes.', { leadsTo: toVa }),
    sysenter_callback_eip: register64('Where SYSENTER goes.', { leadsTo: toVa }),
    syscall32_callback_cs: selector('Code segment of syscall32_callback_eip.', 8),
    sysenter_callback_cs: selector('Code segment of sysenter_callback_eip.', 8),
    syscall32_disables_events: yes('Whether entering the SYSCALL callback masks events.'),
    sysenter_disables_events: yes('Whether entering the SYSENTER callback masks events.'),
    hole: bytes(2, { doc: 'Hole before the 64-bit fields; means nothing.' }),
    vmce: { ...VMCE_VCPU, since: 402, doc: 'Virtual machine-check registers.' },
  },
  { source: 'xen/include/public/domctl.h (struct xen_domctl_ext_vcpucontext)' },
);

/** Bytes of the context as the newest Xen has it. */
const FULL_SIZE = sizeOf(EXT_VCPUCONTEXT);

/** Bytes of the buffer that libxc hands the context to Xen in, and that the legacy format kept whole. */
export const EXT_BUFFER_SIZE = 128;

const sizeAt = fieldsOf(EXT_VCPUCONTEXT)('size');

const UNUSED = bytes('rest', {
  doc: 'Behind the structure: what happened to be in the buffer of the legacy format. Means nothing.',
  source: 'xen/include/public/domctl.h (struct xen_domctl, padded to 128 bytes)',
});

/** Decodes the body of an X86_PV_VCPU_EXTENDED record behind the vCPU header. */
export function extendedNodes(context: Body): FieldNode[] {
  const { claimed, bytes: raw, littleEndian } = context;
  if (claimed <= FULL_SIZE) return [extended(context, claimed)];
  // Only the structure itself tells how much of the buffer it fills.
  const told = raw.length < sizeAt.offset + sizeAt.length ? 0 : toldSize(raw, littleEndian);
  const size = olderSizes(EXT_VCPUCONTEXT).includes(told) ? told : FULL_SIZE;
  const known = extended(bodyFrom(context, 0, size), size);
  const unused = bodyFrom(context, size);
  return unused.length === 0 ? [known] : [known, decodeNode('unused', UNUSED, unused)];
}

const extended = (body: Body, size: number): FieldNode =>
  decodeNode(EXT_VCPUCONTEXT.name, layoutOfSize(EXT_VCPUCONTEXT, size), body);

const toldSize = (raw: Uint8Array, littleEndian: boolean): number =>
  parse(EXT_VCPUCONTEXT.fields.size, raw, littleEndian, sizeAt.offset);
