/** Every layout of HVM save records, in the order of their types. */
import { layoutOfSize, sizeInRelease, type StructField } from '../kit/layout';
import { HVM_LAPIC_REGS_X2APIC } from './apic-regs';
import { hvmBodyOf } from './bodies';
import { HVM_CPU, HVM_CPU_COMPAT } from './cpu';
import { HVM_DESCRIPTOR } from './entries';
import { HVM_TYPE_NAMES, HVM_TYPES } from './types';

/** Returns the layout of a type, with what the type is for its description. */
function described(name: (typeof HVM_TYPE_NAMES)[number]): StructField[] {
  const { layout } = hvmBodyOf(name);
  return layout ? [{ ...layout, doc: HVM_TYPES[name].doc }] : [];
}

export const HVM_LAYOUTS: readonly StructField[] = [
  HVM_DESCRIPTOR,
  ...HVM_TYPE_NAMES.flatMap(described),
  HVM_CPU_COMPAT,
  { ...layoutOfSize(HVM_CPU, sizeInRelease(HVM_CPU, 406)), name: 'hvm_hw_cpu (before Xen 4.7)' },
  HVM_LAPIC_REGS_X2APIC,
];
