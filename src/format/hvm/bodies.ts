/**
 * What is in the body of each type of HVM save record, and which lengths of it Xen takes. Sources: public/hvm/save.h,
 * public/arch-x86/hvm/save.h, the load and check functions of xen/arch/x86.
 */
import { grouped } from '../../lib/text';
import { Errno } from '../errno';
import { sizeOf, struct, type StructField, u64 } from '../kit/layout';
import { VMCE_VCPU } from '../x86/vmce';
import { AREA_MIN_SIZE, HVM_XSAVE } from '../x86/xsave-layouts';
import { HVM_LAPIC } from './apic';
import { HVM_LAPIC_REGS } from './apic-regs';
import { HVM_CPU, HVM_CPU_COMPAT } from './cpu';
import { HVM_HEADER } from './header';
import { HVM_HPET } from './hpet';
import { HVM_IOAPIC } from './ioapic';
import { HVM_ISA_IRQ, HVM_PCI_IRQ, HVM_PCI_LINK } from './irqs';
import { type HvmBody, type LengthCheck, lengthCheck, type Loading } from './length';
import { HVM_CPU_MSR, HVM_MSRS_AT, HVM_ONE_MSR } from './msrs';
import { HVM_MTRR } from './mtrr';
import { HVM_PIC } from './pic';
import { HVM_PIT } from './pit';
import { HVM_PMTIMER } from './pmtimer';
import { HVM_RTC } from './rtc';
import { HVM_TYPE_NAMES, type HvmTypeName, hvmTypeOf } from './types';
import { HVM_VIRIDIAN_DOMAIN, HVM_VIRIDIAN_VCPU } from './viridian';

type Extended = Omit<Extract<HvmBody, { rule: 'zeroextended' }>, 'rule' | 'layout'>;

const strict = <const F extends StructField>(layout: F, more: Loading = {}) =>
  ({ rule: 'strict', layout, ...more }) as const;

/** An entry that grew over time. */
const zeroExtended = <const F extends StructField>(layout: F, more: Extended = {}) =>
  ({ rule: 'zeroextended', layout, ...more }) as const;

/** Bodies that are one small structure. A new entry of this kind is written here; one with more to say has its own file. */
const PLAIN = {
  TSC_ADJUST: strict(
    struct(
      'hvm_tsc_adjust',
      {
        tsc_adjust: u64({
          display: 'register',
          doc: 'MSR IA32_TSC_ADJUST: ticks that the guest has added to its TSC, signed.',
          note: (value) => `${grouped(BigInt.asIntN(64, BigInt(value)))} ticks`,
        }),
      },
      { source: 'public/arch-x86/hvm/save.h (struct hvm_tsc_adjust)' },
    ),
  ),
} as const satisfies Readonly<Partial<Record<HvmTypeName, HvmBody>>>;

/** The body of each type. One that has no layout here has no body, or is decoded by other means. */
export const HVM_BODIES = {
  ...PLAIN,
  END: { rule: 'any', source: 'public/hvm/save.h (struct hvm_save_end)' },
  HEADER: strict(HVM_HEADER),
  CPU: zeroExtended(HVM_CPU, { extendedSince: 407, compat: HVM_CPU_COMPAT }),
  PIC: strict(HVM_PIC, { checkedSince: 419 }),
  // Up to 4.12 the -1 of the size check came through.
  IOAPIC: strict(HVM_IOAPIC, { errno: (xen) => (xen < 413 ? Errno.EPERM : Errno.ENODATA) }),
  LAPIC: zeroExtended(HVM_LAPIC, { checkedSince: 420 }),
  LAPIC_REGS: strict(HVM_LAPIC_REGS, { checkedSince: 420 }),
  PCI_IRQ: strict(HVM_PCI_IRQ),
  ISA_IRQ: strict(HVM_ISA_IRQ),
  PCI_LINK: strict(HVM_PCI_LINK, { checkedSince: 419 }),
  PIT: strict(HVM_PIT, { errno: () => Errno.ENODATA, checkedSince: 419 }),
  RTC: zeroExtended(HVM_RTC, { extendedSince: 414 }),
  HPET: strict(HVM_HPET),
  PMTIMER: strict(HVM_PMTIMER),
  MTRR: strict(HVM_MTRR),
  VIRIDIAN_DOMAIN: zeroExtended(HVM_VIRIDIAN_DOMAIN),
  // What is in the area hangs on the CPUID policy: `x86/xsave` decodes it.
  CPU_XSAVE: {
    rule: 'variable',
    min: sizeOf(HVM_XSAVE) + AREA_MIN_SIZE,
    step: 1,
    source: 'public/arch-x86/hvm/save.h (struct hvm_hw_cpu_xsave)',
  },
  VIRIDIAN_VCPU: zeroExtended(HVM_VIRIDIAN_VCPU, { extendedSince: 407 }),
  VMCE_VCPU: zeroExtended(VMCE_VCPU, { errno: () => Errno.EPERM }),
  CPU_MSR: { rule: 'variable', layout: HVM_CPU_MSR, min: HVM_MSRS_AT + sizeOf(HVM_ONE_MSR), step: sizeOf(HVM_ONE_MSR) },
} as const;

/** The table as it is for whoever asks by any type: here the compiler demands a body of each. */
const ALL: Readonly<Record<HvmTypeName, HvmBody>> = HVM_BODIES;

/** The layout of the body of a type. */
export type HvmLayout<N extends HvmTypeName> = typeof HVM_BODIES extends {
  readonly [K in N]: { readonly layout: infer F extends StructField };
}
  ? F
  : never;

/** Types of entries that have a layout. */
export type HvmLaidOut = { [N in HvmTypeName]: HvmLayout<N> extends never ? never : N }[HvmTypeName];

/** Returns the body of a type. */
export const hvmBodyOf = (name: HvmTypeName): HvmBody => ALL[name];

/** Returns the body of a type; undefined for a number that Xen does not define. */
export function hvmBody(typecode: number): HvmBody | undefined {
  const name = hvmTypeOf(typecode);
  return name && ALL[name];
}

/** Returns how a release of Xen looks at the length of entries, by type. */
export function lengthChecks(xen: number): Readonly<Record<HvmTypeName, LengthCheck>> {
  const checks = HVM_TYPE_NAMES.map((name) => [name, lengthCheck(ALL[name], xen)] as const);
  return Object.fromEntries(checks) as Record<HvmTypeName, LengthCheck>;
}
