/** How an HVM vCPU enters its kernel, its clock, and what is about to be injected. */
import { starText } from '../../format/x86/star';
import { tscText } from '../../format/x86/tsc';
import { Chips, Note } from './chips';
import type { RegisterName } from '../../memory/vcpus/part-fields';
import type { VcpuFields } from '../../memory/vcpus/registers';
import type { Parts } from '../../memory/vcpus/parts';
import { has, wide } from './summary';
import { Register, Section } from './value';
import styles from './registers.module.css';

interface Props {
  readonly vcpu: VcpuFields;
  readonly parts: Parts;
}

/** Returns what the guest was told its TSC runs at, kHz; 0 where the stream does not say. */
export function tscKhz(parts: Parts): number {
  const told = parts.get('HEADER')?.fields.get('gtsc_khz') ?? parts.get('X86_TSC_INFO')?.fields.get('khz');
  return Number(told?.value ?? 0);
}

/** Shows the MSRs by which an HVM vCPU enters its kernel, and its time-stamp counter as a time. */
export function SystemMsrs({ vcpu, parts }: Props): React.ReactNode {
  const { fields } = vcpu;
  const star = wide(vcpu, 'msr_star');
  const time = has(vcpu, 'tsc') ? tscText(wide(vcpu, 'tsc'), tscKhz(parts)) : undefined;
  const adjust = parts.get('TSC_ADJUST')?.fields.get('tsc_adjust');
  const msr = (name: string, field: RegisterName): React.ReactNode => (
    <Register name={name} node={fields.get(field)}>
      <Chips node={fields.get(field)} more />
    </Register>
  );
  return (
    <Section title="System MSRs">
      <dl className={styles['wideNames']}>
        <Register name="star" node={fields.get('msr_star')}>
          {star !== 0n && <span>{starText(star)}</span>}
        </Register>
        {msr('lstar', 'msr_lstar')}
        {msr('cstar', 'msr_cstar')}
        {msr('sfmask', 'msr_syscall_mask')}
        {msr('kernel_gs', 'shadow_gs')}
        {msr('sysenter_cs', 'sysenter_cs')}
        {msr('sysenter_esp', 'sysenter_esp')}
        {msr('sysenter_eip', 'sysenter_eip')}
        <Register name="tsc" node={fields.get('tsc')}>
          {time !== undefined && <span>{time}</span>}
        </Register>
        {fields.has('msr_tsc_aux') && msr('tsc_aux', 'msr_tsc_aux')}
        {adjust && <Register name="tsc_adjust" node={adjust} />}
      </dl>
    </Section>
  );
}

/** Shows the event that is about to be injected into an HVM vCPU, and its error code. */
export function PendingEvent({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const event = vcpu.fields.get('pending_event');
  const isPending = (wide(vcpu, 'pending_event') >> 31n) % 2n === 1n;
  return (
    <Section title="Pending event">
      <dl className={styles['wideNames']}>
        <Register name="event" node={event}>
          {isPending ? <Chips node={event} /> : has(vcpu, 'pending_event') && <span>none</span>}
          {isPending && <Note node={event} />}
        </Register>
        <Register name="error_code" node={vcpu.fields.get('error_code')}>
          <Chips node={vcpu.fields.get('error_code')} />
        </Register>
      </dl>
    </Section>
  );
}
