/** Registers of a PV VCPU, as Xen keeps them for its guest. */
import { Debug, General, RootPage } from './common';
import { FpuSection } from './fpu/fpu-section';
import { has, wide } from './summary';
import { Chips, Register, Section, Value } from './value';
import type { VcpuFields } from './vcpus';
import styles from './registers.module.css';

interface Props {
  readonly vcpu: VcpuFields;
}

const SELECTORS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'] as const;

function Selectors({ vcpu }: Props): React.ReactNode {
  const { fields } = vcpu;
  return (
    <Section title="Segments">
      <table className={styles['table']}>
        <thead className="cap">
          <tr>
            <th scope="col">name</th>
            <th scope="col">sel</th>
            <th scope="col">base</th>
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          {SELECTORS.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <Value node={fields.get(name)} />
              </td>
              <td>{name === 'fs' && vcpu.form === 'pv64' ? <Value node={fields.get('fs_base')} /> : '—'}</td>
              <td>{has(vcpu, name) && (fields.get(name)?.note ?? 'null')}</td>
            </tr>
          ))}
          {vcpu.form === 'pv64' &&
            (['kernel', 'user'] as const).map((mode) => (
              <tr key={mode}>
                <th scope="row">gs</th>
                <td>—</td>
                <td>
                  <Value node={fields.get(`gs_base_${mode}`)} />
                </td>
                <td>{mode} base</td>
              </tr>
            ))}
          <tr>
            <th scope="row">ldt</th>
            <td>—</td>
            <td>
              <Value node={fields.get('ldt_base')} />
            </td>
            <td>{has(vcpu, 'ldt_ents') && `${fields.get('ldt_ents')?.text} entries`}</td>
          </tr>
        </tbody>
      </table>
    </Section>
  );
}

export function PvRegisters({ vcpu }: Props): React.ReactNode {
  const { fields } = vcpu;
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
            {vcpu.form === 'pv64' && (
              <Register name="cr1" node={fields.get('cr1')}>
                <RootPage value={wide(vcpu, 'cr1')} />
                <span>user-mode root</span>
              </Register>
            )}
            <Register name="cr2" node={fields.get('cr2')} />
            <Register name="cr3" node={fields.get('cr3')}>
              <RootPage value={wide(vcpu, 'cr3')} folded={vcpu.form === 'pv32'} />
              <span>{vcpu.form === 'pv64' && 'kernel-mode '}root</span>
            </Register>
            <Register name="cr4" node={fields.get('cr4')}>
              <Chips node={fields.get('cr4')} />
            </Register>
          </dl>
        </Section>
        <Selectors vcpu={vcpu} />
        <Section title="State">
          <dl className={styles['wideNames']}>
            <Register name="flags" node={fields.get('flags')} digits={0}>
              <Chips node={fields.get('flags')} />
            </Register>
            <Register name="entry_vector" node={fields.get('entry_vector')} digits={0} />
            <Register name="error_code" node={fields.get('error_code')} digits={0} />
          </dl>
        </Section>
      </div>
      <div className={styles['column']}>
        <Section title="Kernel entry">
          <dl className={styles['wideNames']}>
            <Register name="kernel_ss" node={fields.get('kernel_ss')} digits={4} />
            <Register name="kernel_sp" node={fields.get('kernel_sp')} />
            <Register name="event" node={fields.get('event_callback_eip')} />
            <Register name="failsafe" node={fields.get('failsafe_callback_eip')} />
            {vcpu.form === 'pv64' && <Register name="syscall" node={fields.get('syscall_callback_eip')} />}
            <Register name="vm_assist" node={fields.get('vm_assist')} digits={0}>
              <Chips node={fields.get('vm_assist')} />
            </Register>
            <Register name="gdt_ents" node={fields.get('gdt_ents')} digits={0}>
              {has(vcpu, 'gdt_ents') && <span>{fields.get('gdt_ents')?.text} entries</span>}
            </Register>
          </dl>
        </Section>
        <Debug vcpu={vcpu} />
      </div>
      <FpuSection vcpu={vcpu} />
    </>
  );
}
