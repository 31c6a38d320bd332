/**
 * The entries of an HVM context, without what is in them: enough to walk over one and to name its parts. Source:
 * public/hvm/save.h, public/arch-x86/hvm/save.h (HVM_SAVE_CODE_MAX 20).
 */
import { readSmall, readU32 } from '../kit/bytes';

export const HVM_DESCRIPTOR_SIZE = 8;
/** Entries looked at of one context; a real one has fewer than 16 per VCPU. */
const HVM_ENTRY_LIMIT = 65_536;

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

/** Types of which a domain has one for each VCPU: their instance is its id. */
const PER_VCPU: ReadonlySet<number> = new Set([
  HvmType.CPU,
  HvmType.LAPIC,
  HvmType.LAPIC_REGS,
  HvmType.MTRR,
  HvmType.CPU_XSAVE,
  HvmType.VIRIDIAN_VCPU,
  HvmType.VMCE_VCPU,
  HvmType.TSC_ADJUST,
  HvmType.CPU_MSR,
]);

const NAMES = new Map<number, string>(Object.entries(HvmType).map(([name, code]) => [code, name]));

/** Name of a type as Xen spells it; `type 21` for one that Xen does not define. */
export const hvmTypeName = (typecode: number): string => NAMES.get(typecode) ?? `type ${typecode}`;
export const isPerVcpu = (typecode: number): boolean => PER_VCPU.has(typecode);

/** One entry's place in the context. */
export interface HvmEntry {
  readonly typecode: number;
  readonly instance: number;
  /** Offset of the descriptor in the context, bytes. */
  readonly at: number;
  /** Length that the descriptor claims, bytes. */
  readonly length: number;
  /** Bytes of it that the context holds. */
  readonly available: number;
}

/** Walks the descriptors. Stops at END, at the end of the context, or at `HVM_ENTRY_LIMIT`. */
export function* hvmEntries(context: Uint8Array, length: number, little: boolean): Generator<HvmEntry> {
  let at = 0;
  for (let seen = 0; seen < HVM_ENTRY_LIMIT && at + HVM_DESCRIPTOR_SIZE <= context.length; seen++) {
    const typecode = readSmall(context, at, 2, little);
    const instance = readSmall(context, at + 2, 2, little);
    const bodyLength = readU32(context, at + 4, little);
    const room = length - at - HVM_DESCRIPTOR_SIZE;
    yield { typecode, instance, at, length: bodyLength, available: Math.min(bodyLength, room) };
    if (typecode === HvmType.END || bodyLength > room) return;
    at += HVM_DESCRIPTOR_SIZE + bodyLength;
  }
}
