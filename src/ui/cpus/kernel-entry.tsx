/** What a PV guest has told Xen of one vCPU: how to enter its kernel, and how it runs. */
import type { FieldNode } from '../../format/kit/node';
import { Chips, Note } from './chips';
import type { VcpuFields } from '../../memory/vcpus/registers';
import type { Parts } from '../../memory/vcpus/parts';
import { Register, Section } from './value';
import styles from './registers.module.css';

interface Props {
  readonly vcpu: VcpuFields;
}

/** Shows the flags of a PV vCPU and the rest of its state: entry vector, error code and VM assists. */
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
const EXTENDED_CALLBACKS = ['sysenter', 'syscall32'] as const;

/**
 * Shows where Xen enters the kernel of a PV guest: its stack and its callbacks, of which 32-bit guests give a selector
 * with each address.
 */
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
        {CALLBACKS.map((name) => (
          <Callback
            key={name}
            name={name}
            entry={fields.get(`${name}_callback_eip`)}
            selector={name === 'syscall' ? undefined : fields.get(`${name}_callback_cs`)}
          />
        ))}
        {EXTENDED_CALLBACKS.map((name) => (
          <Callback
            key={name}
            name={name}
            entry={extended?.get(`${name}_callback_eip`)}
            selector={extended?.get(`${name}_callback_cs`)}
            disables={extended?.get(`${name}_disables_events`)}
          />
        ))}
      </dl>
    </Section>
  );
}

interface CallbackProps {
  readonly name: string;
  readonly entry: FieldNode | undefined;
  readonly selector: FieldNode | undefined;
  /** Whether entering it masks events. */
  readonly disables?: FieldNode | undefined;
}

/** A way into the guest's kernel; nothing where the record does not reach that far. */
function Callback({ name, entry, selector, disables }: CallbackProps): React.ReactNode {
  if (!entry) return undefined;
  return (
    <>
      <Register name={name} node={entry}>
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
