/** The views of a vCPU's state. One is open at a time; those that the stream says nothing for are not offered. */
import { CodeColumn } from './code/code-column';
import { LinuxView } from './code/linux-view';
import { ApicView } from './apic-view';
import { Control, Debug, General } from './common';
import { FpuView } from './fpu/fpu-section';
import { KernelEntry, PvState } from './kernel-entry';
import { MsrsView } from './msrs-view';
import { MtrrView } from './mtrr-view';
import { hasRegisters, type VcpuFields } from '../../memory/vcpus/registers';
import { Segments } from './segments';
import { SharedView } from './shared-view';
import type { PartName } from '../../memory/vcpus/part-fields';
import type { Parts } from '../../memory/vcpus/parts';
import { PendingEvent, SystemMsrs } from './syscalls';
import { TablesView } from './tables/tables-view';
import { TrapsView } from './traps-view';
import { VIEW_NAMES, type ViewName } from '../../state/vcpu-view';
import type { ViewProps } from './view-props';
import styles from './registers.module.css';

function RegistersView({ id, vcpu, parts }: ViewProps): React.ReactNode {
  const isHvm = vcpu.form === 'hvm';
  return (
    <div className={styles['columns']}>
      <div className={styles['column']}>
        <General vcpu={vcpu} />
      </div>
      <div className={styles['column']}>
        <Control vcpu={vcpu} parts={parts} />
        <Segments vcpu={vcpu} />
        {isHvm ? <SystemMsrs vcpu={vcpu} parts={parts} /> : <KernelEntry vcpu={vcpu} parts={parts} />}
        {!isHvm && <PvState vcpu={vcpu} />}
        <Debug vcpu={vcpu} />
        {isHvm && <PendingEvent vcpu={vcpu} />}
      </div>
      <div className={styles['column']}>
        <CodeColumn id={id} vcpu={vcpu} />
      </div>
    </div>
  );
}

interface View {
  readonly title: string;
  /** Whether the stream says anything for it. */
  readonly has: (vcpu: VcpuFields, parts: Parts) => boolean;
  readonly Body: React.ComponentType<ViewProps>;
}

const isPv = ({ form }: VcpuFields): boolean => form === 'pv64' || form === 'pv32';
const holds =
  (...names: readonly PartName[]) =>
  (_: VcpuFields, parts: Parts): boolean =>
    names.some((name) => parts.has(name));

export const VIEWS = {
  registers: { title: 'Registers', has: hasRegisters, Body: RegistersView },
  fpu: { title: 'FPU & vectors', has: hasRegisters, Body: FpuView },
  apic: { title: 'APIC', has: holds('LAPIC', 'LAPIC_REGS'), Body: ApicView },
  mtrr: { title: 'PAT & MTRR', has: holds('MTRR'), Body: MtrrView },
  traps: { title: 'Traps & GDT', has: isPv, Body: TrapsView },
  tables: { title: 'IDT & GDT', has: ({ form }) => form === 'hvm', Body: TablesView },
  msrs: {
    title: 'MSRs',
    has: holds('CPU_MSR', 'X86_PV_VCPU_MSRS', 'VMCE_VCPU', 'VIRIDIAN_VCPU', 'X86_PV_VCPU_EXTENDED'),
    Body: MsrsView,
  },
  linux: { title: 'Kernel log', has: hasRegisters, Body: LinuxView },
  shared: { title: 'Shared info', has: (vcpu, parts) => isPv(vcpu) && parts.has('SHARED_INFO'), Body: SharedView },
} as const satisfies Readonly<Record<ViewName, View>>;

/** Returns the views that have something to show. */
export const viewsOf = (vcpu: VcpuFields, parts: Parts): ViewName[] =>
  VIEW_NAMES.filter((name) => VIEWS[name].has(vcpu, parts));
