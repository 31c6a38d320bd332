/** The descriptor tables of a vCPU, out of the guest's memory. */
import type { TableName } from '../../../memory/descriptors/table-source';
import type { DescriptorTables } from '../../../memory/descriptors/tables';
import type { VcpuFields } from '../../../memory/vcpus/registers';
import { type Answer, orFail, useAnswer } from '../../shared/use-answer';
import { Register, Section } from '../value';
import type { ViewProps } from '../view-props';
import { TableSection } from './table-section';
import { useFile, useSymbols } from '../../shared/use-file';
import registers from '../registers.module.css';
import styles from './tables.module.css';

interface Props {
  readonly id: number;
  readonly vcpu: VcpuFields;
}

/** Asked again when symbols come: they name handlers. */
function useTables({ id, vcpu: { record } }: Props): Answer<DescriptorTables> {
  const file = useFile();
  const symbols = useSymbols();
  return useAnswer(`${record}:${id}`, () => orFail(file.request('tables', { vcpu: { id, record } })), {
    again: symbols,
  });
}

const Failed = ({ reason }: { readonly reason: string }): React.ReactNode => (
  <p className={registers['none']} role="alert">
    The tables could not be read: {reason}
  </p>
);

/** Shows the descriptor tables of an HVM vCPU; its registers say where each of them is. */
export function TablesView({ id, vcpu }: ViewProps): React.ReactNode {
  const loaded = useTables({ id, vcpu });
  const of = (name: TableName): React.ReactNode => (
    <Table name={name} vcpu={vcpu} loaded={loaded}>
      <Where vcpu={vcpu} register={REGISTERS[name]} />
    </Table>
  );
  const hasLdt = loaded.state === 'ready' && loaded.value.tables.some(({ name }) => name === 'LDT');
  return (
    <div className={styles['halves']}>
      <div className={registers['column']}>
        {of('IDT')}
        {loaded.state === 'failed' && <Failed reason={loaded.reason} />}
      </div>
      <div className={registers['column']}>
        {of('GDT')}
        {hasLdt && of('LDT')}
      </div>
    </div>
  );
}

/** Shows the GDT and LDT of a PV vCPU, whose context has said where they are. */
export function PvTables(props: Props): React.ReactNode {
  const loaded = useTables(props);
  if (loaded.state === 'failed') return <Failed reason={loaded.reason} />;
  const names = loaded.state === 'ready' ? loaded.value.tables.map(({ name }) => name) : (['GDT'] as const);
  return names.map((name) => <Table key={name} name={name} vcpu={props.vcpu} loaded={loaded} />);
}

const REGISTERS = { IDT: 'idtr', GDT: 'gdtr', LDT: 'ldtr' } as const satisfies Readonly<Record<TableName, string>>;
type TableRegister = (typeof REGISTERS)[TableName];

/** The register of a table: each value leads to its bytes, the base to the table. */
function Where({ vcpu, register }: { readonly vcpu: VcpuFields; readonly register: TableRegister }): React.ReactNode {
  return (
    <dl className={styles['where']}>
      <Register name="base" node={vcpu.fields.get(`${register}_base`)} digits={0} />
      <Register name="limit" node={vcpu.fields.get(`${register}_limit`)} digits={0} />
    </dl>
  );
}

interface TableProps {
  readonly name: TableName;
  readonly vcpu: VcpuFields;
  readonly loaded: Answer<DescriptorTables>;
  readonly children?: React.ReactNode;
}

function Table({ name, vcpu, loaded, children }: TableProps): React.ReactNode {
  const table = loaded.state === 'ready' ? loaded.value.tables.find((one) => one.name === name) : undefined;
  if (loaded.state === 'ready' && table) {
    return (
      <TableSection key={vcpu.record} table={table} mode={loaded.value.mode} vcpu={vcpu}>
        {children}
      </TableSection>
    );
  }
  return (
    <Section title={name}>
      {children}
      {loaded.state === 'loading' && <div aria-busy="true" className={styles['loading']} />}
    </Section>
  );
}
