/**
 * The types of HVM save records: number, name, what an entry carries and whose state it is. What its body looks like
 * stands in `bodies`: the scan and the list of records start with this table, and would otherwise load all layouts.
 * Source: public/hvm/save.h, public/arch-x86/hvm/save.h (HVM_SAVE_CODE_MAX 20).
 */
import type { Names } from '../kit/layout';

/** Numbers of the types, as descriptors have them. */
export const HvmType = {
  END: 0,
  HEADER: 1,
  CPU: 2,
  PIC: 3,
  IOAPIC: 4,
  LAPIC: 5,
  LAPIC_REGS: 6,
  PCI_IRQ: 7,
  ISA_IRQ: 8,
  PCI_LINK: 9,
  PIT: 10,
  RTC: 11,
  HPET: 12,
  PMTIMER: 13,
  MTRR: 14,
  VIRIDIAN_DOMAIN: 15,
  CPU_XSAVE: 16,
  VIRIDIAN_VCPU: 17,
  VMCE_VCPU: 18,
  TSC_ADJUST: 19,
  CPU_MSR: 20,
} as const;
export type HvmType = (typeof HvmType)[keyof typeof HvmType];

/** Name of a type, as Xen spells it. */
export type HvmTypeName = keyof typeof HvmType;

/**
 * Whose state an entry is. `context`: nobody's, it opens or closes the context, and Xen has no load function for it.
 * `vcpu`: that of the vCPU whose id is the instance. `board`: that of a device of a PC, which a PVH guest does not have.
 * `domain`: that of the domain, whatever its kind.
 */
type HvmOwner = 'context' | 'vcpu' | 'board' | 'domain';

/** What is known of a type without a look at its body. */
export interface HvmTypeSpec {
  readonly owner: HvmOwner;
  /** Names of the devices that there are, in the order of their instances, where there is more than one. */
  readonly devices?: readonly string[];
  /** Sizes that some release of Xen has written, bytes, ascending; none where the body itself tells its size. */
  readonly sizes: readonly number[];
  /** One sentence: what the entry carries. */
  readonly doc: string;
}

/** What is known of each type, by its name. */
export const HVM_TYPES: Readonly<Record<HvmTypeName, HvmTypeSpec>> = {
  END: { owner: 'context', sizes: [0], doc: 'End of the context; nothing after it counts.' },
  HEADER: { owner: 'context', sizes: [24], doc: 'What saved the context; must come first.' },
  CPU: { owner: 'vcpu', sizes: [1016, 1024, 1032], doc: 'Registers of a vCPU; there is none for a vCPU that is down.' },
  PIC: { owner: 'board', sizes: [8], devices: ['master', 'slave'], doc: 'One of the two interrupt controllers 8259A.' },
  IOAPIC: { owner: 'board', sizes: [400], doc: 'The IOAPIC: where the interrupts of its 48 pins go.' },
  LAPIC: { owner: 'vcpu', sizes: [16, 24, 32], doc: 'State of a local APIC beside its registers.' },
  LAPIC_REGS: { owner: 'vcpu', sizes: [1024], doc: 'Register page of a local APIC.' },
  PCI_IRQ: { owner: 'domain', sizes: [16], doc: 'Interrupt wires of the PCI bus.' },
  ISA_IRQ: { owner: 'domain', sizes: [8], doc: 'Interrupt wires of ISA devices.' },
  PCI_LINK: { owner: 'domain', sizes: [8], doc: 'Routing of PCI interrupts to ISA ones.' },
  PIT: { owner: 'board', sizes: [56], doc: 'The interval timer 8254.' },
  RTC: { owner: 'board', sizes: [16, 24], doc: 'The clock and its CMOS registers.' },
  HPET: { owner: 'board', sizes: [1048], doc: 'The high precision event timers.' },
  PMTIMER: { owner: 'board', sizes: [8], doc: 'The ACPI power management timer and event registers.' },
  MTRR: { owner: 'vcpu', sizes: [240], doc: 'Memory types: page attribute table and memory type range registers.' },
  VIRIDIAN_DOMAIN: {
    owner: 'domain',
    sizes: [16, 24, 32],
    doc: 'Hyper-V interface of the domain; called VIRIDIAN up to Xen 4.1.',
  },
  CPU_XSAVE: { owner: 'vcpu', sizes: [], doc: 'Extended state of a vCPU: FPU, SSE, AVX and so on.' },
  VIRIDIAN_VCPU: { owner: 'vcpu', sizes: [8, 16, 216], doc: 'Hyper-V interface of a vCPU.' },
  VMCE_VCPU: { owner: 'vcpu', sizes: [8, 24, 32], doc: 'Machine check capabilities of a vCPU.' },
  TSC_ADJUST: { owner: 'vcpu', sizes: [8], doc: 'What a vCPU has added to its TSC.' },
  CPU_MSR: { owner: 'vcpu', sizes: [], doc: 'MSRs of a vCPU that are not zero.' },
};

/** Names of all types, in the order of their numbers. */
export const HVM_TYPE_NAMES = Object.keys(HvmType) as HvmTypeName[];

/** Names by number, as the descriptor's field shows them. */
export const HVM_NAMES_BY_CODE: Names = Object.fromEntries(HVM_TYPE_NAMES.map((name) => [HvmType[name], name]));

const BY_CODE: ReadonlyMap<number, HvmTypeName> = new Map(HVM_TYPE_NAMES.map((name) => [HvmType[name], name]));

/** Returns the type that has the number; undefined for a number that Xen does not define. */
export const hvmTypeOf = (typecode: number): HvmTypeName | undefined => BY_CODE.get(typecode);

/** Returns the name of a type as Xen spells it; `type 21` for one that Xen does not define. */
export const hvmTypeName = (typecode: number): string => hvmTypeOf(typecode) ?? `type ${typecode}`;

/** Returns what is known of the type that has the number; undefined for a number that Xen does not define. */
export function hvmSpec(typecode: number): HvmTypeSpec | undefined {
  const name = hvmTypeOf(typecode);
  return name && HVM_TYPES[name];
}

/**
 * Returns whether entries of the type belong to a vCPU each, whose id is their instance. These hold its registers, so
 * they are what `--scrub registers` takes out of an image.
 */
export const isPerVcpu = (typecode: number): boolean => hvmSpec(typecode)?.owner === 'vcpu';
