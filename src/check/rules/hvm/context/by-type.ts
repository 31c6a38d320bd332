/**
 * The rules of each type of entry. A type that is not here has none beside those of every type; of one that is, the
 * compiler demands that rules and layout fit.
 */
import { HVM_LAPIC } from '../../../../format/hvm/apic';
import { HVM_CPU } from '../../../../format/hvm/cpu';
import { HVM_PCI_LINK } from '../../../../format/hvm/irqs';
import { HVM_CPU_MSR } from '../../../../format/hvm/msrs';
import { HVM_MTRR } from '../../../../format/hvm/mtrr';
import { HVM_PIC } from '../../../../format/hvm/pic';
import { HVM_PIT } from '../../../../format/hvm/pit';
import { HVM_HPET } from '../../../../format/hvm/hpet';
import { HVM_RTC } from '../../../../format/hvm/rtc';
import type { HvmTypeName } from '../../../../format/hvm/types';
import { HVM_VIRIDIAN_VCPU } from '../../../../format/hvm/viridian';
import { VMCE_VCPU } from '../../../../format/x86/vmce';
import { CPU_RULES } from './cpu';
import { MSR_RULES } from './cpu-msr';
import { XSAVE_RULES, XSAVE_START } from './cpu-xsave';
import { HPET_RULES } from './hpet';
import { IOAPIC_RULES } from './ioapic';
import { LAPIC_RULES } from './lapic';
import { MTRR_RULES } from './mtrr';
import { PCI_LINK_RULES } from './pci-link';
import { PIC_RULES } from './pic';
import { PIT_RULES } from './pit';
import { RTC_RULES } from './rtc';
import { rulesBefore, rulesOver, type TypeRules } from './state';
import { VIRIDIAN_VCPU_RULES } from './viridian-vcpu';
import { VMCE_RULES } from './vmce-vcpu';

export const RULES_BY_TYPE: Readonly<Partial<Record<HvmTypeName, TypeRules>>> = {
  CPU: rulesOver(HVM_CPU, CPU_RULES),
  PIC: rulesOver(HVM_PIC, PIC_RULES),
  IOAPIC: rulesBefore(IOAPIC_RULES),
  LAPIC: rulesOver(HVM_LAPIC, LAPIC_RULES),
  PCI_LINK: rulesOver(HVM_PCI_LINK, PCI_LINK_RULES),
  PIT: rulesOver(HVM_PIT, PIT_RULES),
  RTC: rulesOver(HVM_RTC, RTC_RULES),
  HPET: rulesOver(HVM_HPET, HPET_RULES),
  MTRR: rulesOver(HVM_MTRR, MTRR_RULES),
  CPU_XSAVE: rulesOver(XSAVE_START, XSAVE_RULES),
  VIRIDIAN_VCPU: rulesOver(HVM_VIRIDIAN_VCPU, VIRIDIAN_VCPU_RULES),
  VMCE_VCPU: rulesOver(VMCE_VCPU, VMCE_RULES),
  CPU_MSR: rulesOver(HVM_CPU_MSR, MSR_RULES),
};
