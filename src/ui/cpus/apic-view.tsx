/** The local APIC of an HVM vCPU: who it is, what it lets through, its local vectors, its timer. */
import type { FieldNode } from '../../format/kit/node';
import { MemoryLink } from '../shared/memory-link';
import { Chips, Note } from './chips';
import { FieldValue } from './field-list';
import type { PartFields } from '../../memory/vcpus/part-fields';
import { tscKhz } from './syscalls';
import { deadlineText } from '../../format/x86/tsc';
import { wide } from './summary';
import { Section, Value } from './value';
import type { ViewProps } from './view-props';
import { TableHead } from './table-head';
import styles from './registers.module.css';

interface Line {
  readonly label: string;
  readonly node: FieldNode | undefined;
  /** Words instead of the field's own. */
  readonly note?: string | undefined;
  /** Bits as chips: where the note does not say all of it. */
  readonly bits?: boolean;
}

function Lines({ lines }: { readonly lines: readonly Line[] }): React.ReactNode {
  return (
    <dl className={styles['wideNames']}>
      {lines
        .filter(({ node }) => node !== undefined)
        .map(({ label, node, note, bits = false }) => (
          <div key={label} className={styles['register']}>
            <dt>{label}</dt>
            <dd>
              {node && <FieldValue node={node} />}
              <MemoryLink node={node} stop />
              {note === undefined ? <Note node={node} /> : <span>{note}</span>}
              {bits && <Chips node={node} more />}
            </dd>
          </div>
        ))}
    </dl>
  );
}

type Apic = PartFields<'LAPIC'>;
type ApicRegs = PartFields<'LAPIC_REGS'>;

function Identity({
  own,
  regs,
}: {
  readonly own: Apic | undefined;
  readonly regs: ApicRegs | undefined;
}): React.ReactNode {
  return (
    <Section title="Local APIC">
      <Lines
        lines={[
          { label: 'base MSR', node: own?.get('apic_base_msr'), bits: true },
          { label: 'disabled', node: own?.get('disabled'), bits: true },
          { label: 'id', node: regs?.get('ID') },
          { label: 'version', node: regs?.get('LVR'), bits: true },
          { label: 'LDR', node: regs?.get('LDR') },
          { label: 'DFR', node: regs?.get('DFR') },
          { label: 'SVR', node: regs?.get('SPIV'), bits: true },
          { label: 'TPR', node: regs?.get('TASKPRI') },
          { label: 'PPR', node: regs?.get('PROCPRI') },
          { label: 'APR', node: regs?.get('ARBPRI') },
          { label: 'ICR', node: regs?.get('ICR'), bits: true },
          { label: 'ICR high', node: regs?.get('ICR2') },
          { label: 'ESR', node: regs?.get('ESR'), bits: true },
          { label: 'pending ESR', node: own?.get('pending_esr'), bits: true },
        ]}
      />
    </Section>
  );
}

const LOCAL_VECTORS = [
  ['timer', 'LVTT'],
  ['CMCI', 'CMCI'],
  ['thermal', 'LVTTHMR'],
  ['counters', 'LVTPC'],
  ['LINT0', 'LVT0'],
  ['LINT1', 'LVT1'],
  ['error', 'LVTERR'],
] as const;

/** Words of one part of an entry; nothing for parts that the entry does not have. */
const word = (entry: FieldNode | undefined, name: string): string => {
  const part = entry?.children?.find((child) => child.name === name);
  if (!part) return '';
  return part.note ?? part.text;
};
/** Number of one part of an entry; 0 where the entry does not have it. */
const numberIn = (entry: FieldNode | undefined, name: string): number =>
  Number(entry?.children?.find((child) => child.name === name)?.value ?? 0);
const isOn = (entry: FieldNode, name: string): boolean => numberIn(entry, name) === 1;

function LocalVectors({ regs }: { readonly regs: ApicRegs }): React.ReactNode {
  return (
    <Section title="Local vector table">
      <div className={styles['tableWrap']}>
        <table className={styles['table']}>
          <TableHead columns={['source', 'entry', 'vector', 'state']} />
          <tbody>
            {LOCAL_VECTORS.map(([label, name]) => {
              const entry = regs.get(name);
              if (!entry) return undefined;
              // CMCI is the seventh of them, the only one that not every APIC has.
              const isThere = name !== 'CMCI' || numberIn(regs.get('LVR'), 'max_lvt') >= 6;
              const state = !isThere
                ? ['this APIC has none']
                : [
                    isOn(entry, 'mask') ? 'masked' : 'open',
                    word(entry, 'mode') || word(entry, 'delivery_mode'),
                    word(entry, 'trig_mode'),
                    word(entry, 'polarity'),
                    isOn(entry, 'delivery_status') ? 'pending' : '',
                    isOn(entry, 'remote_irr') ? 'awaits EOI' : '',
                  ];
              return (
                <tr key={name}>
                  <th scope="row">{label}</th>
                  <td>
                    <Value node={entry} />
                  </td>
                  <td className="mono">{word(entry, 'vector').replace(/^0x/u, '').padStart(2, '0')}</td>
                  <td>{state.filter((part) => part !== '').join(' · ')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const SETS = [
  ['IRR', 'wait to be taken'],
  ['ISR', 'in service'],
  ['TMR', 'level-triggered'],
] as const;

function Vectors({ regs }: { readonly regs: ApicRegs }): React.ReactNode {
  return (
    <Section title="Vectors">
      <Lines lines={SETS.map(([name, note]) => ({ label: name, node: regs.get(name), note }))} />
    </Section>
  );
}

/**
 * Shows the local APIC of an HVM vCPU: its registers, local vectors, timer, and the vectors that wait or are in
 * service.
 */
export function ApicView({ vcpu, parts }: ViewProps): React.ReactNode {
  const own = parts.get('LAPIC')?.fields;
  const regs = parts.get('LAPIC_REGS')?.fields;
  const deadline = own?.get('tdt_msr');
  const fires = deadlineText(BigInt(deadline?.value ?? 0), wide(vcpu, 'tsc'), tscKhz(parts));
  return (
    <div className={styles['wide']}>
      <Identity own={own} regs={regs} />
      {regs && (
        <div className={styles['stack']}>
          <LocalVectors regs={regs} />
          <Section title="Timer" note={regs.get('LVTT')?.note ?? ''}>
            <Lines
              lines={[
                { label: 'divide', node: regs.get('TDCR') },
                { label: 'initial', node: regs.get('TMICT'), note: 'ticks' },
                { label: 'current', node: regs.get('TMCCT'), note: 'ticks' },
                { label: 'divisor', node: own?.get('timer_divisor') },
                { label: 'deadline', node: deadline, note: fires },
              ]}
            />
          </Section>
          <Vectors regs={regs} />
        </div>
      )}
    </div>
  );
}
