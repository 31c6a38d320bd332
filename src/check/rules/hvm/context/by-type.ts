/**
 * The rules of each type of entry. A type that is not here has none beside those of every type; of one that is, the
 * compiler demands that rules and layout fit.
 */
import type { HvmTypeName } from '../../../../format/hvm/types';
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
import { rulesBefore, rulesOver, rulesOverStart, type TypeRules } from './state';
import { VIRIDIAN_VCPU_RULES } from './viridian-vcpu';
import { VMCE_RULES } from './vmce-vcpu';

export const RULES_BY_TYPE: Readonly<Partial<Record<HvmTypeName, TypeRules>>> = {
  CPU: rulesOver('CPU', CPU_RULES),
  PIC: rulesOver('PIC', PIC_RULES),
  IOAPIC: rulesBefore(IOAPIC_RULES),
  LAPIC: rulesOver('LAPIC', LAPIC_RULES),
  PCI_LINK: rulesOver('PCI_LINK', PCI_LINK_RULES),
  PIT: rulesOver('PIT', PIT_RULES),
  RTC: rulesOver('RTC', RTC_RULES),
  HPET: rulesOver('HPET', HPET_RULES),
  MTRR: rulesOver('MTRR', MTRR_RULES),
  CPU_XSAVE: rulesOverStart(XSAVE_START, XSAVE_RULES),
  VIRIDIAN_VCPU: rulesOver('VIRIDIAN_VCPU', VIRIDIAN_VCPU_RULES),
  VMCE_VCPU: rulesOver('VMCE_VCPU', VMCE_RULES),
  CPU_MSR: rulesOver('CPU_MSR', MSR_RULES),
};
