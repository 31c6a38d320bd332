/** MSRs by name, machine checks, and what a guest that takes Xen for Hyper-V has set up. */
import type { FieldNode } from '../../format/kit/node';
import { Chips, Note } from './chips';
import { FieldList, NotRead, useItems } from './field-list';
import type { Part } from '../../memory/vcpus/parts';
import { Register, Section } from './value';
import type { ViewProps } from './view-props';
import styles from './registers.module.css';

/** MSRs shown: more than any Xen sends of a vCPU. */
const MSR_LIMIT = 256;

const listOf = (part: Part | undefined): FieldNode | undefined => part?.nodes.find(({ items }) => items !== undefined);

/** Index and value of an entry: its first and its last field. */
function Msr({ entry }: { readonly entry: FieldNode }): React.ReactNode {
  const [index] = entry.children ?? [];
  const value = entry.children?.at(-1);
  return (
    <Register name={index?.note ?? index?.text ?? entry.name} node={value}>
      <Note node={value} />
      <Chips node={value} more />
    </Register>
  );
}

function Msrs({ part }: { readonly part: Part | undefined }): React.ReactNode {
  const list = listOf(part);
  const items = useItems(list, MSR_LIMIT, ({ children, name }) => String(children?.[0]?.value ?? name));
  if (!part) return undefined;
  const left = (list?.items?.count ?? 0) - MSR_LIMIT;
  const longest = Math.max(12, ...items.list.map(({ children }) => children?.[0]?.note?.length ?? 0));
  return (
    <Section title="MSRs" note={part.name}>
      {items.list.length === 0 && !items.isLoading && items.failed === undefined && (
        <p className={styles['none']}>none: all are 0</p>
      )}
      <NotRead items={items} />
      <dl style={{ '--name': `${longest}ch` }}>
        {items.list.map((entry) => (
          <Msr key={entry.offset} entry={entry} />
        ))}
      </dl>
      {left > 0 && <p className={styles['none']}>and {left} more, in the record</p>}
    </Section>
  );
}

function Fields({ title, part }: { readonly title: string; readonly part: Part | undefined }): React.ReactNode {
  return (
    part && (
      <Section title={title} note={part.name}>
        <FieldList nodes={part.nodes} />
      </Section>
    )
  );
}

/** The machine-check part of an EXTENDED record. */
function PvVmce({ part }: { readonly part: Part | undefined }): React.ReactNode {
  const vmce = part?.fields.get('vmce')?.children;
  return (
    part &&
    vmce && (
      <Section title="Machine checks" note={part.name}>
        <FieldList nodes={vmce} />
      </Section>
    )
  );
}

/** Shows the MSRs of a vCPU by name, its machine checks, and its Viridian (Hyper-V) state. */
export function MsrsView({ parts }: ViewProps): React.ReactNode {
  return (
    <div className={styles['wide']}>
      <Msrs part={parts.get('CPU_MSR') ?? parts.get('X86_PV_VCPU_MSRS')} />
      <Fields title="Machine checks" part={parts.get('VMCE_VCPU')} />
      <PvVmce part={parts.get('X86_PV_VCPU_EXTENDED')} />
      <Fields title="Viridian (Hyper-V enlightenments)" part={parts.get('VIRIDIAN_VCPU')} />
    </div>
  );
}
