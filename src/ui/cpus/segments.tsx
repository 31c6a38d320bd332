/** Segment and descriptor table registers, of HVM and of PV vCPUs in the same form. */
import type { FieldNode } from '../../format/kit/node';
import { XEN_SELECTORS } from '../../format/x86/selector';
import { modeOf } from '../../format/x86/mode';
import { counted } from '../../lib/text';
import { useFile } from '../shared/use-file';
import { MemoryLink } from '../shared/memory-link';
import { DescriptorLink } from './descriptor-link';
import { has, registers, wide } from './summary';
import { Section, Value } from './value';
import { SEGMENT_REGISTERS, type VcpuFields } from '../../memory/vcpus/registers';
import { TableHead } from './table-head';
import { showView } from './view-state';
import type { ViewName } from '../../state/vcpu-view';
import styles from './registers.module.css';

interface Row {
  readonly name: string;
  /** Tells apart rows of one name. */
  readonly key?: string;
  readonly selector?: FieldNode | undefined;
  readonly base?: FieldNode | undefined;
  readonly limit?: FieldNode | undefined;
  readonly attributes?: FieldNode | undefined;
  readonly meaning?: string | undefined;
  /** View that shows what the register leads to. */
  readonly view?: ViewName;
}

const COLUMNS = [
  ['selector', 'sel', 4],
  ['base', 'base', 0],
  ['limit', 'limit', 0],
  // Twelve bits in the packed form.
  ['attributes', 'attr', 3],
] as const;

function SegmentTable({ rows, record }: { readonly rows: readonly Row[]; readonly record: number }): React.ReactNode {
  const columns = COLUMNS.filter(([key]) => rows.some((row) => row[key] !== undefined));
  return (
    <div className={styles['tableWrap']}>
      <table className={`${styles['table']} ${styles['segments']}`}>
        <TableHead columns={['name', ...columns.map(([, title]) => title), 'meaning']} />
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? row.name}>
              <th scope="row">{row.name}</th>
              {columns.map(([key, , digits]) => (
                <td key={key}>
                  {row[key] !== undefined && <Value node={row[key]} digits={digits} />}
                  {key === 'selector' && row.selector && <DescriptorLink record={record} selector={row.selector} />}
                  {key === 'base' && <MemoryLink node={row[key]} stop />}
                </td>
              ))}
              <td>{row.view ? <ToView view={row.view} text={row.meaning} /> : row.meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ToView({ view, text }: { readonly view: ViewName; readonly text: string | undefined }): React.ReactNode {
  const file = useFile();
  return (
    <button
      type="button"
      className="link"
      data-stop
      tabIndex={-1}
      data-tip="Show the table"
      onClick={() => showView(file, view)}
    >
      {text}
    </button>
  );
}

/** `5 entries`, `empty`. */
function tableMeaning(vcpu: VcpuFields, name: 'gdtr' | 'idtr'): string {
  if (!has(vcpu, `${name}_limit`)) return '';
  const limit = wide(vcpu, `${name}_limit`);
  if (limit === 0n) return 'empty';
  const mode = modeOf(registers(vcpu));
  const isLong = mode === 'long mode' || mode === 'compatibility mode';
  const each = name === 'gdtr' ? 8n : mode === 'real mode' ? 4n : isLong ? 16n : 8n;
  return counted(Number((limit + 1n) / each), 'entry', 'entries');
}

function hvmRows(vcpu: VcpuFields): Row[] {
  const { fields } = vcpu;
  return [
    ...SEGMENT_REGISTERS.map((name) => ({
      name,
      selector: fields.get(`${name}_sel`),
      base: fields.get(`${name}_base`),
      limit: fields.get(`${name}_limit`),
      attributes: fields.get(`${name}_arbytes`),
      meaning: fields.get(`${name}_arbytes`)?.note,
    })),
    ...(['gdtr', 'idtr'] as const).map((name) => ({
      name,
      base: fields.get(`${name}_base`),
      limit: fields.get(`${name}_limit`),
      meaning: tableMeaning(vcpu, name),
      ...(wide(vcpu, `${name}_limit`) === 0n ? {} : { view: 'tables' as const }),
    })),
  ];
}

/** The meaning of a selector: `FLAT_RING3_CS64` where it names a segment of Xen's own, whose name says the ring. */
const selectorMeaning = (vcpu: VcpuFields, name: (typeof PV_SEGMENTS)[number]): string =>
  XEN_SELECTORS[vcpu.form === 'pv64' ? 8 : 4][Number(wide(vcpu, name))] ?? vcpu.fields.get(name)?.note ?? 'null';

const PV_SEGMENTS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'] as const;

function pvRows(vcpu: VcpuFields): Row[] {
  const { fields, form } = vcpu;
  const plain = PV_SEGMENTS.map((name) => ({
    name,
    selector: fields.get(name),
    ...(name === 'fs' && form === 'pv64' ? { base: fields.get('fs_base') } : {}),
    meaning: has(vcpu, name) ? selectorMeaning(vcpu, name) : undefined,
  }));
  const bases = (['kernel', 'user'] as const).map((mode) => ({
    name: 'gs',
    key: mode,
    base: fields.get(`gs_base_${mode}`),
    meaning: `base in ${mode} mode`,
  }));
  const table = (name: 'ldt' | 'gdt'): string | undefined =>
    has(vcpu, `${name}_ents`) ? counted(Number(wide(vcpu, `${name}_ents`)), 'entry', 'entries') : undefined;
  return [
    ...plain,
    ...(form === 'pv64' ? bases : []),
    { name: 'ldt', base: fields.get('ldt_base'), meaning: table('ldt') },
    { name: 'gdt', meaning: table('gdt'), ...(wide(vcpu, 'gdt_ents') === 0n ? {} : { view: 'traps' as const }) },
  ];
}

/** Shows the segment and descriptor table registers of a vCPU in one table, in the same form for HVM and PV. */
export function Segments({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const isHvm = vcpu.form === 'hvm';
  return (
    <Section title="Segments" {...(isHvm ? { note: 'attributes in packed form' } : {})}>
      <SegmentTable rows={isHvm ? hvmRows(vcpu) : pvRows(vcpu)} record={vcpu.record} />
    </Section>
  );
}
