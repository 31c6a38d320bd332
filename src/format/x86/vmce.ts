/**
 * The virtual machine-check registers of a vCPU, which HVM contexts (VMCE_VCPU) and PV vCPUs (EXTENDED) both carry.
 * Source: public/arch-x86/hvm/save.h, mcheck/x86_mca.h; bits that Xen does not name: Intel SDM vol. 3B § 16.3.
 */
import { withReserved } from '../kit/bits';
import { type Bits, type IntField, struct, u64 } from '../kit/layout';

/** Bits of MCG_CAP. */
export const MCG_CAP = {
  COUNT: { at: 0, width: 8, doc: 'Banks that report errors.' },
  CTL_P: { at: 8, doc: 'There is a control register, MCG_CTL.' },
  EXT_P: { at: 9, doc: 'There are extended state registers.' },
  CMCI_P: { at: 10, doc: 'Corrected errors can interrupt (CMCI).' },
  TES_P: { at: 11, doc: 'Banks tell how an error stands against its threshold.' },
  EXT_CNT: { at: 16, width: 8, doc: 'Extended state registers that there are.' },
  SER_P: { at: 24, doc: 'Software can recover from some errors.' },
  EMC_P: { at: 25, doc: 'Firmware may handle errors first.' },
  ELOG_P: { at: 26, doc: 'Firmware may log errors.' },
  LMCE_P: { at: 27, doc: 'Errors can go to one CPU alone.' },
} as const satisfies Bits;

const CTL2: Bits = withReserved(64, {
  threshold: { at: 0, width: 15, doc: 'Corrected errors after which an interrupt is raised.' },
  CMCI_EN: { at: 30, doc: 'The interrupt is on.' },
});

const ctl2 = (bank: number): IntField<bigint> =>
  u64({ display: 'hex', bits: CTL2, doc: `MSR MC${bank}_CTL2: corrected errors of bank ${bank}. Since Xen 4.3.` });

/** struct hvm_vmce_vcpu. */
export const VMCE_VCPU = struct(
  'hvm_vmce_vcpu',
  {
    caps: u64({
      display: 'hex',
      bits: withReserved(64, MCG_CAP),
      doc: 'MSR MCG_CAP: what machine checks of this vCPU can do.',
      note: (value) => `${BigInt(value) & 0xffn} banks`,
    }),
    mci_ctl2_bank0: { ...ctl2(0), since: 403 },
    mci_ctl2_bank1: ctl2(1),
    mcg_ext_ctl: u64({
      display: 'hex',
      bits: withReserved(64, { LMCE_EN: { at: 0, doc: 'Errors may go to this CPU alone.' } }),
      doc: 'MSR MCG_EXT_CTL. Since Xen 4.10.',
      since: 410,
    }),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_vmce_vcpu), mcheck/x86_mca.h' },
);
