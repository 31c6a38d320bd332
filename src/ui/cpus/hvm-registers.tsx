/** Registers of an HVM or PVH VCPU. */
import { hex } from '../../lib/text';
import { Debug, General, RootPage } from './common';
import { Segments } from './segments';
import { FpuSection } from './fpu/fpu-section';
import { has, wide } from './summary';
import { Chips, Register, Section } from './value';
import type { VcpuFields } from './vcpus';
import styles from './registers.module.css';

interface Props {
  readonly vcpu: VcpuFields;
}

/** Selectors that SYSCALL and SYSRET load, from STAR. */
function starMeaning(star: bigint): string {
  return `kernel cs ${hex((star >> 32n) & 0xffffn)} · user cs ${hex(star >> 48n)}`;
}

export function HvmRegisters({ vcpu }: Props): React.ReactNode {
  const { fields } = vcpu;
  const pending = fields.get('pending_event');
  return (
    <>
      <div className={styles['column']}>
        <General vcpu={vcpu} />
      </div>
      <div className={styles['column']}>
        <Section title="Control">
          <dl>
            <Register name="cr0" node={fields.get('cr0')}>
              <Chips node={fields.get('cr0')} />
            </Register>
            <Register name="cr2" node={fields.get('cr2')} />
            <Register name="cr3" node={fields.get('cr3')}>
              <RootPage value={wide(vcpu, 'cr3')} />
            </Register>
            <Register name="cr4" node={fields.get('cr4')}>
              <Chips node={fields.get('cr4')} />
            </Register>
            <Register name="efer" node={fields.get('msr_efer')}>
              <Chips node={fields.get('msr_efer')} />
            </Register>
          </dl>
        </Section>
        <Segments vcpu={vcpu} />
      </div>
      <div className={styles['column']}>
        <Debug vcpu={vcpu} />
        <Section title="System MSRs">
          <dl className={styles['wideNames']}>
            <Register name="star" node={fields.get('msr_star')}>
              {wide(vcpu, 'msr_star') !== 0n && <span>{starMeaning(wide(vcpu, 'msr_star'))}</span>}
            </Register>
            <Register name="lstar" node={fields.get('msr_lstar')} />
            <Register name="cstar" node={fields.get('msr_cstar')} />
            <Register name="sfmask" node={fields.get('msr_syscall_mask')} />
            <Register name="kernel_gs" node={fields.get('shadow_gs')} />
            <Register name="sysenter_cs" node={fields.get('sysenter_cs')} />
            <Register name="sysenter_esp" node={fields.get('sysenter_esp')} />
            <Register name="sysenter_eip" node={fields.get('sysenter_eip')} />
            <Register name="tsc" node={fields.get('tsc')} />
            {fields.has('msr_tsc_aux') && <Register name="tsc_aux" node={fields.get('msr_tsc_aux')} />}
          </dl>
        </Section>
        <Section title="Pending event">
          <dl className={styles['wideNames']}>
            <Register name="event" node={pending}>
              {pending?.flags?.includes('valid') === true ? (
                <Chips node={pending} />
              ) : (
                has(vcpu, 'pending_event') && <span>none</span>
              )}
            </Register>
            <Register name="error_code" node={fields.get('error_code')} />
          </dl>
        </Section>
      </div>
      <FpuSection vcpu={vcpu} />
    </>
  );
}
