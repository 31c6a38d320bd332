/** The types of HVM save records. Source: public/hvm/save.h, public/arch-x86/hvm/save.h (HVM_SAVE_CODE_MAX 20). */
import type { StructField } from '../kit/layout';
import { HVM_LAPIC } from './apic';
import { HVM_LAPIC_REGS } from './apic-regs';
import { HVM_CPU, OLDER_CPU_SIZES } from './cpu';
import { HVM_HEADER } from './header';
import { HVM_HPET } from './hpet';
import { HVM_IOAPIC } from './ioapic';
import { HVM_ISA_IRQ, HVM_PCI_IRQ, HVM_PCI_LINK } from './irqs';
import { type HvmLength, strict, zeroExtended } from './length';
import { HVM_CPU_MSR, HVM_TSC_ADJUST } from './msrs';
import { HVM_MTRR } from './mtrr';
import { HVM_PIC } from './pic';
import { HVM_PIT } from './pit';
import { HVM_PMTIMER } from './pmtimer';
import { HVM_RTC } from './rtc';
import { HVM_VIRIDIAN_DOMAIN, HVM_VIRIDIAN_VCPU } from './viridian';
import { HVM_VMCE_VCPU } from './vmce';

export const HvmType = { END: 0, HEADER: 1, CPU: 2, PIC: 3, LAPIC: 5, LAPIC_REGS: 6, CPU_XSAVE: 16 } as const;

export interface HvmSpec {
  readonly name: string;
  /** Instance is a VCPU id. */
  readonly perVcpu: boolean;
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
const fixed = (name: string, layout: StructField, doc: string): HvmSpec => ({
  name,
  perVcpu: false,
  length: strict(layout),
  layout,
  doc,
  source: layout.source ?? HEADERS,
});

/** An entry that grew over time. */
const grown = (name: string, layout: StructField, doc: string, older?: readonly number[]): HvmSpec => ({
  ...fixed(name, layout, doc),
  length: zeroExtended(layout, older),
});

const perVcpu = (spec: HvmSpec): HvmSpec => ({ ...spec, perVcpu: true });

export const HVM_TYPES: Readonly<Record<number, HvmSpec>> = {
  [HvmType.END]: {
    name: 'END',
    perVcpu: false,
    length: { rule: 'any' },
    doc: 'End of the context; nothing after it counts.',
    source: 'public/hvm/save.h (struct hvm_save_end)',
  },
  [HvmType.HEADER]: fixed('HEADER', HVM_HEADER, 'What saved the context; must come first.'),
  [HvmType.CPU]: perVcpu(
    grown('CPU', HVM_CPU, 'Registers of a VCPU; there is none for a VCPU that is down.', OLDER_CPU_SIZES),
  ),
  [HvmType.PIC]: {
    ...fixed('PIC', HVM_PIC, 'One of the two interrupt controllers 8259A.'),
    devices: ['master', 'slave'],
  },
  4: fixed('IOAPIC', HVM_IOAPIC, 'The IOAPIC: where the interrupts of its 48 pins go.'),
  [HvmType.LAPIC]: perVcpu(grown('LAPIC', HVM_LAPIC, 'State of a local APIC beside its registers.')),
  [HvmType.LAPIC_REGS]: perVcpu(fixed('LAPIC_REGS', HVM_LAPIC_REGS, 'Register page of a local APIC.')),
  7: fixed('PCI_IRQ', HVM_PCI_IRQ, 'Interrupt wires of the PCI bus.'),
  8: fixed('ISA_IRQ', HVM_ISA_IRQ, 'Interrupt wires of ISA devices.'),
  9: fixed('PCI_LINK', HVM_PCI_LINK, 'Routing of PCI interrupts to ISA ones.'),
  10: fixed('PIT', HVM_PIT, 'The interval timer 8254.'),
  11: grown('RTC', HVM_RTC, 'The clock and its CMOS registers.'),
  12: fixed('HPET', HVM_HPET, 'The high precision event timers.'),
  13: fixed('PMTIMER', HVM_PMTIMER, 'The ACPI power management timer and event registers.'),
  14: perVcpu(fixed('MTRR', HVM_MTRR, 'Memory types: page attribute table and memory type range registers.')),
  15: grown('VIRIDIAN_DOMAIN', HVM_VIRIDIAN_DOMAIN, 'Hyper-V interface of the domain; called VIRIDIAN up to Xen 4.1.'),
  // Decoded by no table yet: what is in the area hangs on the CPUID policy. Bodies of `CPU_XSAVE` stay bytes.
  [HvmType.CPU_XSAVE]: {
    name: 'CPU_XSAVE',
    perVcpu: true,
    length: { rule: 'flexible', min: 600, step: 1 },
    doc: 'Extended state of a VCPU: FPU, SSE, AVX and so on.',
    source: `${HEADERS} (struct hvm_hw_cpu_xsave)`,
  },
  17: perVcpu(grown('VIRIDIAN_VCPU', HVM_VIRIDIAN_VCPU, 'Hyper-V interface of a VCPU.')),
  18: perVcpu(grown('VMCE_VCPU', HVM_VMCE_VCPU, 'Machine check capabilities of a VCPU.')),
  19: perVcpu(fixed('TSC_ADJUST', HVM_TSC_ADJUST, 'What a VCPU has added to its TSC.')),
  20: {
    name: 'CPU_MSR',
    perVcpu: true,
    length: { rule: 'flexible', min: 24, step: 16 },
    layout: HVM_CPU_MSR,
    doc: 'MSRs of a VCPU that are not zero.',
    source: `${HEADERS} (struct hvm_msr)`,
  },
};
