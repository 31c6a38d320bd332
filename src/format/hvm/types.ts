/** The types of HVM save records. Source: public/hvm/save.h, public/arch-x86/hvm/save.h (HVM_SAVE_CODE_MAX 20). */
import type { StructField } from '../kit/layout';
import { HVM_LAPIC } from './apic';
import { HVM_LAPIC_REGS } from './apic-regs';
import { HVM_CPU, OLDER_CPU_SIZES } from './cpu';
import { HVM_HEADER } from './header';
import { HVM_HPET } from './hpet';
import { HVM_IOAPIC } from './ioapic';
import { HVM_ISA_IRQ, HVM_PCI_IRQ, HVM_PCI_LINK } from './irqs';
import { HvmType } from './entries';
import { type HvmLength, strict, zeroExtended } from './length';
import { HVM_CPU_MSR, HVM_TSC_ADJUST } from './msrs';
import { HVM_MTRR } from './mtrr';
import { HVM_PIC } from './pic';
import { HVM_PIT } from './pit';
import { HVM_PMTIMER } from './pmtimer';
import { HVM_RTC } from './rtc';
import { HVM_VIRIDIAN_DOMAIN, HVM_VIRIDIAN_VCPU } from './viridian';
import { VMCE_VCPU } from '../x86/vmce';

export interface HvmSpec {
  /** What the instances are called where they are devices; such a type has no others. */
  readonly devices?: readonly string[];
  readonly length: HvmLength;
  /** Layout of the body at its present size; none for what is decoded elsewhere or has no body. */
  readonly layout?: StructField;
  /** One sentence: what the entry carries. */
  readonly doc: string;
  readonly source: string;
}

const HEADERS = 'public/arch-x86/hvm/save.h';

/** An entry whose length is fixed. */
const fixed = (layout: StructField, doc: string): HvmSpec => ({
  length: strict(layout),
  layout,
  doc,
  source: layout.source ?? HEADERS,
});

/** An entry that grew over time. */
const grown = (layout: StructField, doc: string, older?: readonly number[]): HvmSpec => ({
  ...fixed(layout, doc),
  length: zeroExtended(layout, older),
});

export const HVM_TYPES: Readonly<Record<number, HvmSpec>> = {
  [HvmType.END]: {
    length: { rule: 'any' },
    doc: 'End of the context; nothing after it counts.',
    source: 'public/hvm/save.h (struct hvm_save_end)',
  },
  [HvmType.HEADER]: fixed(HVM_HEADER, 'What saved the context; must come first.'),
  [HvmType.CPU]: grown(HVM_CPU, 'Registers of a VCPU; there is none for a VCPU that is down.', OLDER_CPU_SIZES),
  [HvmType.PIC]: {
    ...fixed(HVM_PIC, 'One of the two interrupt controllers 8259A.'),
    devices: ['master', 'slave'],
  },
  [HvmType.IOAPIC]: fixed(HVM_IOAPIC, 'The IOAPIC: where the interrupts of its 48 pins go.'),
  [HvmType.LAPIC]: grown(HVM_LAPIC, 'State of a local APIC beside its registers.'),
  [HvmType.LAPIC_REGS]: fixed(HVM_LAPIC_REGS, 'Register page of a local APIC.'),
  [HvmType.PCI_IRQ]: fixed(HVM_PCI_IRQ, 'Interrupt wires of the PCI bus.'),
  [HvmType.ISA_IRQ]: fixed(HVM_ISA_IRQ, 'Interrupt wires of ISA devices.'),
  [HvmType.PCI_LINK]: fixed(HVM_PCI_LINK, 'Routing of PCI interrupts to ISA ones.'),
  [HvmType.PIT]: fixed(HVM_PIT, 'The interval timer 8254.'),
  [HvmType.RTC]: grown(HVM_RTC, 'The clock and its CMOS registers.'),
  [HvmType.HPET]: fixed(HVM_HPET, 'The high precision event timers.'),
  [HvmType.PMTIMER]: fixed(HVM_PMTIMER, 'The ACPI power management timer and event registers.'),
  [HvmType.MTRR]: fixed(HVM_MTRR, 'Memory types: page attribute table and memory type range registers.'),
  [HvmType.VIRIDIAN_DOMAIN]: grown(
    HVM_VIRIDIAN_DOMAIN,
    'Hyper-V interface of the domain; called VIRIDIAN up to Xen 4.1.',
  ),
  // What is in the area hangs on the CPUID policy: `x86/xsave` decodes it.
  [HvmType.CPU_XSAVE]: {
    length: { rule: 'flexible', min: 600, step: 1 },
    doc: 'Extended state of a VCPU: FPU, SSE, AVX and so on.',
    source: `${HEADERS} (struct hvm_hw_cpu_xsave)`,
  },
  [HvmType.VIRIDIAN_VCPU]: grown(HVM_VIRIDIAN_VCPU, 'Hyper-V interface of a VCPU.'),
  [HvmType.VMCE_VCPU]: grown(VMCE_VCPU, 'Machine check capabilities of a VCPU.'),
  [HvmType.TSC_ADJUST]: fixed(HVM_TSC_ADJUST, 'What a VCPU has added to its TSC.'),
  [HvmType.CPU_MSR]: {
    length: { rule: 'flexible', min: 24, step: 16 },
    layout: HVM_CPU_MSR,
    doc: 'MSRs of a VCPU that are not zero.',
    source: `${HEADERS} (struct hvm_msr)`,
  },
};
