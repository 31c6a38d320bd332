/** Segment and table registers of an HVM VCPU. */
import { modeOf } from '../../format/x86/mode';
import { has, registers, wide } from './summary';
import { Section, Value } from './value';
import type { VcpuFields } from './vcpus';
import styles from './registers.module.css';

const SEGMENTS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs', 'tr', 'ldtr'] as const;

/** `5 entries`, `empty`. */
function tableMeaning(vcpu: VcpuFields, name: 'gdtr' | 'idtr'): string {
  if (!has(vcpu, `${name}_limit`)) return '';
  const limit = wide(vcpu, `${name}_limit`);
  if (limit === 0n) return 'empty';
  const isLong = modeOf(registers(vcpu)) === 'long mode' || modeOf(registers(vcpu)) === 'compatibility mode';
  const each = name === 'gdtr' ? 8n : modeOf(registers(vcpu)) === 'real mode' ? 4n : isLong ? 16n : 8n;
  const count = (limit + 1n) / each;
  return `${count} ${count === 1n ? 'entry' : 'entries'}`;
}

export function Segments({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const { fields } = vcpu;
  return (
    <Section title="Segments" note="attributes in packed form">
      <div className={styles['tableWrap']}>
        <table className={styles['table']}>
          <thead className="cap">
            <tr>
              <th scope="col">name</th>
              <th scope="col">sel</th>
              <th scope="col">base</th>
              <th scope="col">limit</th>
              <th scope="col">attr</th>
              <th scope="col">meaning</th>
            </tr>
          </thead>
          <tbody>
            {SEGMENTS.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <Value node={fields.get(`${name}_sel`)} digits={4} />
                </td>
                <td>
                  <Value node={fields.get(`${name}_base`)} digits={0} />
                </td>
                <td>
                  <Value node={fields.get(`${name}_limit`)} digits={0} />
                </td>
                <td>
                  <Value node={fields.get(`${name}_arbytes`)} digits={4} />
                </td>
                <td>{fields.get(`${name}_arbytes`)?.note}</td>
              </tr>
            ))}
            {(['gdtr', 'idtr'] as const).map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>—</td>
                <td>
                  <Value node={fields.get(`${name}_base`)} digits={0} />
                </td>
                <td>
                  <Value node={fields.get(`${name}_limit`)} digits={0} />
                </td>
                <td>—</td>
                <td>{tableMeaning(vcpu, name)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
