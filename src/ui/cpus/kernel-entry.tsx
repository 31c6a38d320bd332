/** What a PV guest has told Xen of one VCPU: how to enter its kernel, and how it runs. */
import { Chips, Note } from './chips';
import type { VcpuFields } from '../../memory/vcpus/registers';
import type { Parts } from '../../memory/vcpus/parts';
import { Register, Section } from './value';
import styles from './registers.module.css';

interface Props {
  readonly vcpu: VcpuFields;
}

export function PvState({ vcpu }: Props): React.ReactNode {
  const { fields } = vcpu;
  return (
    <Section title="State">
      <dl className={styles['wideNames']}>
        {(
          [
            ['flags', 'flags'],
            ['entry_vector', 'entry_vector'],
            ['error_code', 'error_code'],
            ['vm_assist', 'vm_assist'],
          ] as const
        ).map(([name, field]) => (
          <Register key={name} name={name} node={fields.get(field)} digits={0}>
            <Note node={fields.get(field)} />
            <Chips node={fields.get(field)} more />
          </Register>
        ))}
      </dl>
    </Section>
  );
}

const CALLBACKS = ['event', 'failsafe', 'syscall'] as const;

/** 32-bit guests give a selector with each address. */
export function KernelEntry({ vcpu, parts }: Props & { readonly parts: Parts }): React.ReactNode {
  const { fields } = vcpu;
  const extended = parts.get('X86_PV_VCPU_EXTENDED')?.fields;
  return (
    <Section title="Kernel entry">
      <dl className={styles['wideNames']}>
        <Register name="kernel_ss" node={fields.get('kernel_ss')} digits={4}>
          <Note node={fields.get('kernel_ss')} />
        </Register>
        <Register name="kernel_sp" node={fields.get('kernel_sp')} />
        {CALLBACKS.filter((name) => fields.has(`${name}_callback_eip`)).map((name) => (
          <Callback key={name} name={name} fields={fields} />
        ))}
        {extended &&
          (['sysenter', 'syscall32'] as const)
            .filter((name) => extended.has(`${name}_callback_eip`))
            .map((name) => <Callback key={name} name={name} fields={extended} />)}
      </dl>
    </Section>
  );
}

function Callback({ name, fields }: { readonly name: string; readonly fields: VcpuFields['fields'] }): React.ReactNode {
  const selector = fields.get(`${name}_callback_cs`);
  const disables = fields.get(`${name}_disables_events`);
  return (
    <>
      <Register name={name} node={fields.get(`${name}_callback_eip`)}>
        {disables?.value === 1 && <span>events off</span>}
      </Register>
      {selector && (
        <Register name={`${name}_cs`} node={selector} digits={4}>
          <Note node={selector} />
        </Register>
      )}
    </>
  );
}
