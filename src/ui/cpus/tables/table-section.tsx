/** One descriptor table: its entries, those that are not present folded away. */
import { useState } from 'react';
import { counted, grouped } from '../../../lib/text';
import { isPresent } from '../../../memory/descriptors/rows';
import type { DescriptorTable, TableMode } from '../../../memory/descriptors/tables';
import { isPressed } from '../../commands/pressed';
import { showBytes } from '../../shared/focus-bytes';
import { followRef } from '../../shared/memory-link';
import { VirtualRows } from '../../shared/virtual-rows';
import type { VcpuFields } from '../../../memory/vcpus/registers';
import { Section } from '../value';
import { Cells } from './cells';
import { columnsOf } from './columns';
import { leadingOf, usesOf } from './row-facts';
import { useFile } from '../../shared/use-file';
import registers from '../registers.module.css';
import styles from './tables.module.css';

const ROW_PX = 20;
const ROWS_IN_VIEW = 24;

interface Props {
  readonly table: DescriptorTable;
  readonly mode: TableMode;
  readonly vcpu: VcpuFields;
  readonly children: React.ReactNode;
}

/** `16 entries`; `256 of 4 096 claimed` where a limit claims more than there can be. */
const countText = ({ read, claimed }: DescriptorTable): string =>
  read < claimed ? `${grouped(read)} of ${grouped(claimed)} claimed` : counted(read, 'entry', 'entries');

/** Shows one descriptor table; entries that are not present are folded away until they are wanted. */
export function TableSection({ table, mode, vcpu, children }: Props): React.ReactNode {
  const { name, rows, claimed } = table;
  const [all, setAll] = useState(false);
  const [active, setActive] = useState(0);
  const present = rows.filter((row) => isPresent(row));
  const shown = all ? rows : present;
  const folded = rows.length - present.length;
  const title = name === 'IDT' && mode === 'real' ? 'Interrupt vectors' : name;
  return (
    <Section title={title} note={countText(table)}>
      {children}
      {claimed === 0 && <p className={registers['none']}>empty</p>}
      {name === 'GDT' && mode === 'real' && claimed > 0 && (
        <p className={registers['none']}>Real mode does not use it.</p>
      )}
      {shown.length > 0 && <Entries {...{ table, mode, vcpu, shown, active }} onActive={setActive} />}
      {folded > 0 && (
        <button
          type="button"
          className="link"
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
            setActive(0);
          }}
        >
          {all ? 'Hide' : 'Show'} {counted(folded, 'entry', 'entries')} not present
        </button>
      )}
    </Section>
  );
}

interface EntriesProps extends Omit<Props, 'children'> {
  readonly shown: DescriptorTable['rows'];
  readonly active: number;
  readonly onActive: (row: number) => void;
}

/** The entries with a head for their columns; one that is chosen shows its bytes. */
function Entries({ table, mode, vcpu, shown, active, onActive }: EntriesProps): React.ReactNode {
  const file = useFile();
  const { name } = table;
  const uses = usesOf(vcpu);
  const { heads, template } = columnsOf(table, mode);
  const columns = { gridTemplateColumns: template };
  const show = (index: number): void => {
    const row = shown[index];
    if (row && row.kind !== 'lost') showBytes(file, row);
  };
  const onKey = (event: React.KeyboardEvent, index: number): void => {
    const row = shown[index];
    const node = row && leadingOf(row, vcpu);
    if (!isPressed(event, 'entry-follow') || !node) return;
    event.preventDefault();
    event.stopPropagation();
    void followRef(file, node);
  };
  return (
    <>
      {shown.some(({ kind }) => kind !== 'lost') && (
        <div className={`cap ${styles['row']}`} style={columns} aria-hidden>
          {heads.map((head) => (
            <span key={head} data-head={head}>
              {head}
            </span>
          ))}
        </div>
      )}
      <div className={registers['traps']} style={{ height: Math.min(shown.length, ROWS_IN_VIEW) * ROW_PX }}>
        <VirtualRows
          kind="grid"
          label={`Entries of the ${name}`}
          count={shown.length}
          rowPx={ROW_PX}
          active={active}
          onActive={onActive}
          opensOnClick
          onEnter={show}
          onKey={onKey}
          render={(index) => {
            const row = shown[index];
            return (
              row && (
                <div className={styles['row']} role="presentation" style={columns}>
                  <Cells {...{ row, name, mode, vcpu, uses }} />
                </div>
              )
            );
          }}
        />
      </div>
    </>
  );
}
