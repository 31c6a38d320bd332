/**
 * X86_PV_VCPU_EXTENDED: xen_domctl_ext_vcpucontext. Source: public/domctl.h. It grew: 32 bytes in Xen 4.0, 40 (mcg_cap
 * only) in 4.2, 56 in 4.3 – 4.9, 64 since; the legacy format kept a union of 128 bytes, whose end means nothing.
 */
import { decodeNode } from '../kit/decode';
import { bytes, layoutOfSize, struct, toVa, u32, u64, u8 } from '../kit/layout';
import { type Body, bodyFrom, type FieldNode } from '../kit/node';
import { readU32 } from '../kit/bytes';
import { register64, selector } from '../x86/fields';

const FULL_SIZE = 64;
const SIZE_AT = 4;

const yes = (doc: string) => u8({ names: { 0: 'no', 1: 'yes' }, doc });

/** struct hvm_vmce_vcpu: the virtual machine-check registers. */
const VMCE = struct(
  'vmce',
  {
    caps: u64({
      display: 'hex',
      doc: 'MCG_CAP: what of machine checks the guest sees.',
      bits: {
        banks: { at: 0, width: 8, doc: 'Number of banks.' },
        CTL_P: { at: 8, doc: 'MCG_CTL exists.' },
        EXT_P: { at: 9, doc: 'Extended state registers exist.' },
        CMCI_P: { at: 10, doc: 'Corrected errors raise an interrupt (CMCI).' },
        TES_P: { at: 11, doc: 'Status tells corrected errors by threshold.' },
        reserved_12: { at: 12, width: 4, display: 'hex', quiet: true, doc: 'Not used.' },
        EXT_CNT: { at: 16, width: 8, doc: 'Number of extended state registers.' },
        SER_P: { at: 24, doc: 'Software can recover from some uncorrected errors.' },
        EMC_P: { at: 25, doc: 'Firmware may handle errors first.' },
        ELOG_P: { at: 26, doc: 'Firmware may log errors.' },
        LMCE_P: { at: 27, doc: 'Errors can go to one CPU only.' },
        reserved_28: { at: 28, width: 36, display: 'hex', quiet: true, doc: 'Not used.' },
      },
    }),
    mci_ctl2_bank0: u64({ display: 'hex', doc: 'MC0_CTL2: interrupt for corrected errors of bank 0.' }),
    mci_ctl2_bank1: u64({ display: 'hex', doc: 'MC1_CTL2: interrupt for corrected errors of bank 1.' }),
    mcg_ext_ctl: u64({
      display: 'hex',
      doc: 'MCG_EXT_CTL: local machine checks.',
      bits: {
        LMCE_EN: { at: 0, doc: 'Errors go to one CPU only.' },
        reserved_1: { at: 1, width: 63, display: 'hex', quiet: true, doc: 'Not used.' },
      },
    }),
  },
  { doc: 'Virtual machine-check registers.', source: 'xen/include/public/arch-x86/hvm/save.h (struct hvm_vmce_vcpu)' },
);

export const EXT_VCPUCONTEXT = struct(
  'xen_domctl_ext_vcpucontext',
  {
    vcpu: u32({ doc: 'VCPU that is restored: this one counts, not that of the record.' }),
    size: u32({ display: 'bytes', doc: 'Bytes of the structure that the saving Xen filled.' }),
    syscall32_callback_eip: register64('Where SYSCALL of a 32-bit program goes.', { target: toVa }),
    sysenter_callback_eip: register64('Where SYSENTER goes.', { target: toVa }),
    syscall32_callback_cs: selector('Code segment of syscall32_callback_eip.', 8),
    sysenter_callback_cs: selector('Code segment of sysenter_callback_eip.', 8),
    syscall32_disables_events: yes('Whether entering the SYSCALL callback masks events.'),
    sysenter_disables_events: yes('Whether entering the SYSENTER callback masks events.'),
    hole: bytes(2, { doc: 'Hole before the 64-bit fields; means nothing.' }),
    vmce: VMCE,
  },
  { older: [32, 40, 56], source: 'xen/include/public/domctl.h (struct xen_domctl_ext_vcpucontext)' },
);

const UNUSED = bytes('rest', {
  doc: 'Behind the structure: what happened to be in the buffer of the legacy format. Means nothing.',
  source: 'xen/include/public/domctl.h (struct xen_domctl, padded to 128 bytes)',
});

/** The context of a record, without its VCPU header. */
export function extendedNodes(context: Body): FieldNode[] {
  const { claimed, bytes: raw, littleEndian } = context;
  if (claimed <= FULL_SIZE) return [extended(context, claimed)];
  // Only the structure itself tells how much of the buffer it fills.
  const told = raw.length >= SIZE_AT + 4 ? readU32(raw, SIZE_AT, littleEndian) : 0;
  const size = EXT_VCPUCONTEXT.older?.includes(told) === true ? told : FULL_SIZE;
  const known = extended(bodyFrom(context, 0, size), size);
  const unused = bodyFrom(context, size);
  return unused.length === 0 ? [known] : [known, decodeNode('unused', UNUSED, unused)];
}

const extended = (body: Body, size: number): FieldNode =>
  decodeNode(EXT_VCPUCONTEXT.name, layoutOfSize(EXT_VCPUCONTEXT, size), body);
