/** Every layout of HVM save records, in the order of their types. */
import type { StructField } from '../kit/layout';
import { HVM_LAPIC_REGS_X2APIC } from './apic-regs';
import { HVM_DESCRIPTOR } from './context';
import { HVM_CPU_1016, HVM_CPU_1024 } from './cpu';
import { HVM_TYPES } from './types';

export const HVM_LAYOUTS: readonly StructField[] = [
  HVM_DESCRIPTOR,
  ...Object.values(HVM_TYPES).flatMap(({ layout, doc }) => (layout === undefined ? [] : [{ ...layout, doc }])),
  HVM_CPU_1016,
  HVM_CPU_1024,
  HVM_LAPIC_REGS_X2APIC,
];
