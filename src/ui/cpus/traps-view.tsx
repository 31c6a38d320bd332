/** The virtual IDT of a PV vCPU, and the pages of its GDT. */
import { useState } from 'react';
import { childNamed } from '../../format/kit/named';
import type { FieldNode } from '../../format/kit/node';
import { counted, hex } from '../../lib/text';
import { useSymbolName } from '../shared/symbol-name';
import { followRef, MemoryLink } from '../shared/memory-link';
import { VirtualRows } from '../shared/virtual-rows';
import { Note } from './chips';
import { FieldList, NotRead, useItems } from './field-list';
import { PvTables } from './tables/tables-view';
import { wide } from './summary';
import { isPressed } from '../commands/pressed';
import { showBytes } from '../shared/focus-bytes';
import { Register, Section } from './value';
import type { VcpuFields } from '../../memory/vcpus/registers';
import type { ViewProps } from './view-props';
import { useFile } from '../shared/use-file';
import { GridCell } from '../shared/grid-cell';
import { GUEST_CONTEXT_64 } from '../../format/pv/guest-context-64';
import styles from './registers.module.css';

const ROW_PX = 20;
const TRAPS = 256;
/** Descriptors of a page of the GDT. */
const PER_FRAME = 512;

const TRAP_INFO = GUEST_CONTEXT_64.fields.trap_ctxt.of;
const childOf = (trap: FieldNode, name: keyof (typeof TRAP_INFO)['fields']): FieldNode | undefined =>
  childNamed(TRAP_INFO, trap, name);
const isUsed = (trap: FieldNode): boolean => BigInt(childOf(trap, 'address')?.value ?? 0) !== 0n;

const value = (node: FieldNode | undefined): number | bigint =>
  typeof node?.value === 'string' ? 0 : (node?.value ?? 0);

function Trap({ trap, digits }: { readonly trap: FieldNode; readonly digits: number }): React.ReactNode {
  const [vector, flags] = [childOf(trap, 'vector'), childOf(trap, 'flags')];
  const [cs, address] = [childOf(trap, 'cs'), childOf(trap, 'address')];
  const name = useSymbolName(address && isUsed(trap) ? BigInt(value(address)) : undefined);
  const bits = flags?.children
    ?.filter((bit) => bit.value !== 0)
    .map((bit) => (bit.name === 'dpl' ? `DPL ${bit.text}` : bit.name.replaceAll('_', ' ')));
  const meaning = [vector?.note, name, ...(bits ?? [])].filter((word) => word !== undefined).join(' · ');
  return (
    <div className={styles['trap']} role="presentation">
      <GridCell className="mono">{hex(value(vector), 2)}</GridCell>
      <GridCell className="mono">{hex(value(cs), 4)}</GridCell>
      <GridCell className="mono">
        {hex(value(address), digits)}
        <MemoryLink node={address} mouseOnly />
      </GridCell>
      <GridCell className="ell" title={meaning}>
        {meaning}
      </GridCell>
    </div>
  );
}

function Traps({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const file = useFile();
  const items = useItems(vcpu.fields.get('trap_ctxt'), TRAPS);
  const { list: traps } = items;
  const [all, setAll] = useState(false);
  const [active, setActive] = useState(0);
  const shown = all ? traps : traps.filter((trap) => isUsed(trap));
  const unused = traps.length - traps.filter((trap) => isUsed(trap)).length;
  return (
    <Section title="Traps" note={counted(traps.length - unused, 'entry', 'entries')}>
      {shown.length === 0 && !items.isLoading && items.failed === undefined && (
        <p className={styles['none']}>none: the guest has set no handler</p>
      )}
      <NotRead items={items} />
      {shown.length > 0 && (
        <div className={`cap ${styles['trap']}`} aria-hidden>
          <span>vec</span>
          <span>cs</span>
          <span>handler</span>
          <span>meaning</span>
        </div>
      )}
      <div className={styles['traps']} style={{ height: Math.min(shown.length, 24) * ROW_PX }}>
        <VirtualRows
          kind="grid"
          label="Trap table"
          count={shown.length}
          rowPx={ROW_PX}
          active={active}
          onActive={setActive}
          opensOnClick
          onEnter={(row) => {
            const trap = shown[row];
            if (trap) showBytes(file, trap);
          }}
          onKey={(event, row) => {
            const trap = shown[row];
            const address = trap && childOf(trap, 'address');
            if (!isPressed(event, 'entry-follow') || !address?.leadsTo) return;
            event.preventDefault();
            event.stopPropagation();
            void followRef(file, address);
          }}
          render={(row) => {
            const trap = shown[row];
            return trap && <Trap trap={trap} digits={vcpu.form === 'pv64' ? 16 : 8} />;
          }}
        />
      </div>
      {unused > 0 && (
        <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Hide' : 'Show'} {counted(unused, 'unused entry', 'unused entries')}
        </button>
      )}
    </Section>
  );
}

function Gdt({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const entries = Number(wide(vcpu, 'gdt_ents'));
  const frames = useItems(vcpu.fields.get('gdt_frames'), Math.ceil(entries / PER_FRAME));
  return (
    <Section title="Descriptor tables" note={counted(entries, 'entry', 'entries')}>
      <dl className={styles['wideNames']}>
        {frames.list.map((frame) => (
          <Register key={frame.offset} name={`frame ${frame.name}`} node={frame} digits={0}>
            <Note node={frame} />
          </Register>
        ))}
      </dl>
      <NotRead items={frames} />
      <FieldList
        nodes={(['gdt_ents', 'ldt_base', 'ldt_ents'] as const).flatMap((name) => vcpu.fields.get(name) ?? [])}
      />
    </Section>
  );
}

/** Shows the virtual IDT of a PV vCPU, the pages of its GDT, and its descriptor tables. */
export function TrapsView({ id, vcpu }: ViewProps): React.ReactNode {
  return (
    <div className={styles['halves']}>
      <div className={styles['column']}>
        <Traps vcpu={vcpu} />
      </div>
      <div className={styles['column']}>
        <Gdt vcpu={vcpu} />
        <PvTables id={id} vcpu={vcpu} />
      </div>
    </div>
  );
}
