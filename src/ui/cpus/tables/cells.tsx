/** The cells of an entry of a descriptor table. */
import { Fragment } from 'react';
import { callGateMeaning, gateKind } from '../../../format/x86/gate';
import { descriptorMeaning } from '../../../format/x86/segment';
import { hex, hex0x } from '../../../lib/text';
import {
  type GateRow,
  isPresent,
  type LostRow,
  type SegmentRow,
  type TableRow,
} from '../../../memory/descriptors/rows';
import type { TableName } from '../../../memory/descriptors/table-source';
import type { TableMode } from '../../../memory/descriptors/tables';
import { Digits } from '../../shared/digits';
import { MemoryLink } from '../../shared/memory-link';
import type { VcpuFields } from '../../../memory/vcpus/registers';
import { HANDLER_DIGITS } from './columns';
import { exceptionName, leadingOf, selectorOf } from './row-facts';
import { GridCell } from '../../shared/grid-cell';
import styles from './tables.module.css';

interface Props<Row> {
  readonly row: Row;
  readonly name: TableName;
  readonly mode: TableMode;
  readonly vcpu: VcpuFields;
  /** Registers by the selector that they hold. */
  readonly uses: ReadonlyMap<number, readonly string[]>;
}

const words = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' · ');

/** Shows the cells of one entry of a descriptor table: a gate, a segment, or entries whose bytes are missing. */
export function Cells(props: Props<TableRow>): React.ReactNode {
  const { row, name } = props;
  switch (row.kind) {
    case 'gate':
      return name === 'IDT' ? <Gate {...props} row={row} /> : <GateInGdt {...props} row={row} />;
    case 'segment':
      return <Segment {...props} row={row} />;
    case 'lost':
      return <Lost {...props} row={row} />;
  }
}

interface CellProps {
  readonly number?: boolean;
  readonly children?: React.ReactNode;
}

const Cell = ({ number = false, children }: CellProps): React.ReactNode => (
  <GridCell className={`mono ${number ? styles['number'] : ''}`}>{children}</GridCell>
);

const Meaning = ({
  text,
  children,
}: {
  readonly text: string;
  readonly children?: React.ReactNode;
}): React.ReactNode => (
  <GridCell className="ell" title={text}>
    {children}
    {text}
  </GridCell>
);

/** An interrupt, and where it leads. */
function Gate({ row, mode, vcpu }: Props<GateRow>): React.ReactNode {
  const { index, gate, handler, name } = row;
  const { selector, offset, attributes = 0, ist } = gate;
  const link = <MemoryLink node={leadingOf(row, vcpu)} mouseOnly />;
  const isReal = mode === 'real';
  // What an offset in a segment comes to, where that is another number.
  const address = isReal || handler === undefined || handler === offset ? undefined : `at ${hex0x(handler)}`;
  return (
    <>
      <Cell>{hex(index, 2)}</Cell>
      <Cell>{hex(selector, 4)}</Cell>
      <Cell>
        <Digits value={offset} digits={HANDLER_DIGITS[mode]} />
        {!isReal && link}
      </Cell>
      {isReal && (
        <Cell number>
          {hex(handler ?? 0n)}
          {link}
        </Cell>
      )}
      {mode === 'long' && <Cell>{ist === 0 ? '' : ist}</Cell>}
      {!isReal && <Cell>{(attributes >> 5) & 3}</Cell>}
      <Meaning text={words(exceptionName(index, mode), name, address, gateKind(gate, 'IDT', mode === 'long'))} />
    </>
  );
}

/** A call or task gate among segments: it has an offset where they have their base. */
function GateInGdt({ row, name, mode, vcpu }: Props<GateRow>): React.ReactNode {
  const { index, gate } = row;
  return (
    <>
      <Cell>{hex(selectorOf(index, name), 4)}</Cell>
      <Cell number>
        {hex(gate.offset)}
        <Arrow row={row} vcpu={vcpu} />
      </Cell>
      <Cell number />
      <Meaning text={words(row.name, `to ${hex(gate.selector, 4)}`, callGateMeaning(gate, mode === 'long'))} />
    </>
  );
}

function Segment({ row, name, mode, vcpu, uses }: Props<SegmentRow>): React.ReactNode {
  const { index, segment } = row;
  const { base, limit, attributes } = segment;
  const selector = selectorOf(index, name);
  return (
    <>
      <Cell>{hex(selector, 4)}</Cell>
      <Cell number>
        {isPresent(row) && hex(base)}
        <Arrow row={row} vcpu={vcpu} />
      </Cell>
      <Cell number>{isPresent(row) && hex(limit)}</Cell>
      <Meaning text={words(row.name, descriptorMeaning(attributes, mode === 'long'))}>
        {uses.get(selector)?.map((register) => (
          <Fragment key={register}>
            <span className="bit">{register}</span>{' '}
          </Fragment>
        ))}
      </Meaning>
    </>
  );
}

/** The way to the base, or as much room: bases stand one below the other. */
function Arrow({ row, vcpu }: { readonly row: TableRow; readonly vcpu: VcpuFields }): React.ReactNode {
  const node = leadingOf(row, vcpu);
  return node ? <MemoryLink node={node} mouseOnly /> : <span className={styles['noArrow']} />;
}

/** Entries without bytes: which, and why. */
function Lost({ row: { index, count, reason }, name }: Props<LostRow>): React.ReactNode {
  const number = (at: number): string => (name === 'IDT' ? hex(at, 2) : hex(selectorOf(at, name), 4));
  const text = `${number(index)}${count > 1 ? `–${number(index + count - 1)}` : ''}`;
  return (
    <GridCell className={styles['lost']} title={`No bytes: ${reason}`}>
      <span className="mono">{text}</span> no bytes: {reason}
    </GridCell>
  );
}
