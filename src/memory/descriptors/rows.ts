/** Bytes of a descriptor table → its entries. */
import { PRESENT } from '../../format/x86/segment';
import { DESCRIPTOR_SIZE, ACCESS_AT, descriptorSize, type Segment, segmentOf } from '../../format/x86/descriptor';
import { type Gate, gateOf, type GateSize, isGate } from '../../format/x86/gate';
import type { TableBytes } from './table-bytes';

/** Where an entry stands: its number in the table, and its bytes in the file. */
interface Located {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
}

export interface SegmentRow extends Located {
  readonly kind: 'segment';
  readonly segment: Segment;
  /** What its base is called, of a TSS or LDT. */
  readonly name?: string;
}

export interface GateRow extends Located {
  readonly kind: 'gate';
  readonly gate: Gate;
  /** Linear address of the handler, where that can be told, and what it is called. */
  readonly handler?: bigint;
  readonly name?: string;
}

/** Entries that cannot be read, all for the same reason. */
export interface LostRow {
  readonly kind: 'lost';
  readonly index: number;
  readonly count: number;
  readonly reason: string;
}

export type TableRow = SegmentRow | GateRow | LostRow;

/** What is no descriptor has no use for the bits that say so. */

/** Tells whether the table says that an entry may be used. What cannot be read may be. */
export function isPresent(row: TableRow): boolean {
  switch (row.kind) {
    case 'segment':
      return (row.segment.attributes & PRESENT) !== 0;
    case 'gate':
      return row.gate.attributes === undefined || (row.gate.attributes & PRESENT) !== 0;
    case 'lost':
      return true;
  }
}

/** One more entry that is lost: it joins those before it if they are lost for the same reason. */
function addLost(rows: TableRow[], index: number, reason: string): void {
  const last = rows.at(-1);
  if (last?.kind === 'lost' && last.reason === reason && last.index + last.count === index) {
    rows[rows.length - 1] = { ...last, count: last.count + 1 };
  } else rows.push({ kind: 'lost', index, count: 1, reason });
}

/** Decodes `count` entries of an IDT. */
export function gateRows(table: TableBytes, count: number, size: GateSize): TableRow[] {
  const rows: TableRow[] = [];
  for (let index = 0; index < count; index++) {
    const entry = table.entry(index * size, size);
    if ('reason' in entry) addLost(rows, index, entry.reason);
    else rows.push({ kind: 'gate', index, offset: entry.offset, length: size, gate: gateOf(entry.bytes) });
  }
  return rows;
}

/** Decodes the entries of a GDT or LDT of `count` times 8 bytes: some take 16 in long mode. */
export function segmentRows(table: TableBytes, count: number, longMode: boolean): TableRow[] {
  const rows: TableRow[] = [];
  for (let index = 0; index < count;) {
    const at = index * DESCRIPTOR_SIZE;
    const first = table.entry(at, DESCRIPTOR_SIZE);
    if ('reason' in first) {
      addLost(rows, index++, first.reason);
      continue;
    }
    const length = descriptorSize(first.bytes, longMode);
    const places = length / DESCRIPTOR_SIZE;
    const whole = table.entry(at, length);
    if (index + places > count) addLost(rows, index, 'its second half is beyond the end of the table');
    else if ('reason' in whole) addLost(rows, index, `its second half: ${whole.reason}`);
    else rows.push({ index, offset: first.offset, length, ...decoded(whole.bytes, longMode) });
    index += places;
  }
  return rows;
}

function decoded(
  bytes: Uint8Array,
  longMode: boolean,
): Pick<SegmentRow, 'kind' | 'segment'> | Pick<GateRow, 'kind' | 'gate'> {
  return isGate(bytes[ACCESS_AT] ?? 0, 'GDT', longMode)
    ? { kind: 'gate', gate: gateOf(bytes) }
    : { kind: 'segment', segment: segmentOf(bytes) };
}
