/** The fields that parts of a vCPU's state have, by the layouts that they are decoded by: a field renamed there is one here. */
import type { HVM_LAPIC } from '../../format/hvm/apic';
import type { HVM_LAPIC_REGS } from '../../format/hvm/apic-regs';
import type { HVM_CPU } from '../../format/hvm/cpu';
import type { HVM_HEADER } from '../../format/hvm/header';
import type { HvmLayout } from '../../format/hvm/bodies';
import type { HVM_MTRR } from '../../format/hvm/mtrr';
import type { HvmTypeName } from '../../format/hvm/types';
import type { FieldName, NamedFields } from '../../format/kit/named';
import type { X86_TSC_INFO } from '../../format/libxc/info';
import type { SHARED_INFO_64 } from '../../format/libxc/shared-info';
import type { EXT_VCPUCONTEXT } from '../../format/pv/extended';
import type { GUEST_CONTEXT_32 } from '../../format/pv/guest-context-32';
import type { GUEST_CONTEXT_64 } from '../../format/pv/guest-context-64';
import type { HVM_XSAVE, PV_XSAVE } from '../../format/x86/xsave-layouts';

/** Layouts of the parts that are asked for fields by name. */
interface Layouts {
  readonly HEADER: typeof HVM_HEADER;
  readonly CPU: typeof HVM_CPU;
  readonly LAPIC: typeof HVM_LAPIC;
  readonly LAPIC_REGS: typeof HVM_LAPIC_REGS;
  readonly MTRR: typeof HVM_MTRR;
  readonly TSC_ADJUST: HvmLayout<'TSC_ADJUST'>;
  readonly CPU_XSAVE: typeof HVM_XSAVE;
  readonly X86_PV_VCPU_BASIC: typeof GUEST_CONTEXT_32 | typeof GUEST_CONTEXT_64;
  readonly X86_PV_VCPU_EXTENDED: typeof EXT_VCPUCONTEXT;
  readonly X86_PV_VCPU_XSAVE: typeof PV_XSAVE;
  readonly SHARED_INFO: typeof SHARED_INFO_64;
  readonly X86_TSC_INFO: typeof X86_TSC_INFO;
}

/** The parts that there can be: entries of an HVM context, and records of a PV vCPU. */
export type PartName = keyof Layouts | HvmTypeName | 'X86_PV_VCPU_MSRS';

type LayoutOf<P extends PartName> = P extends keyof Layouts ? Layouts[P] : never;

/** The fields of a part, by name. */
export type PartFields<P extends PartName> = NamedFields<FieldName<LayoutOf<P>>>;

/** The names that registers have, in HVM and in PV contexts. */
export type RegisterName = FieldName<Layouts['CPU' | 'X86_PV_VCPU_BASIC']>;
