/** The descriptor tables of a vCPU as its memory has them, entry by entry. */
import { DESCRIPTOR_SIZE } from '../../format/x86/descriptor';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { type Gate, type GateSize, type GateTable, hasHandler } from '../../format/x86/gate';
import { CODE, CODE_OR_DATA, PRESENT } from '../../format/x86/segment';
import { FIRST_XEN_ENTRY, SELECTOR_ENTRIES, XEN_SELECTORS } from '../../format/x86/selector';
import type { GuestMemory } from '../guest-memory';
import { namedText, type SymbolTable } from '../symbols/table';
import { gateRows, segmentRows, type TableRow } from './rows';
import { descriptorOf } from './selector';
import { TableBytes } from './table-bytes';
import { type TableName, tableSource, XENS_PART } from './table-source';

/** Gates that vectors can name: a limit may claim more. */
const MOST_GATES = 256;

/** How the CPU reads them: addresses of real mode, or descriptors with or without the halves of long mode. */
export type TableMode = 'real' | 'legacy' | 'long';

export interface DescriptorTable {
  readonly name: TableName;
  /** Places that limit or count claim, and those of them that a vector or selector can name: what `rows` are of. */
  readonly claimed: number;
  readonly read: number;
  readonly rows: readonly TableRow[];
}

/** Plain data. Tables that are not there are left out, empty ones are not. */
export interface DescriptorTables {
  readonly mode: TableMode;
  readonly tables: readonly DescriptorTable[];
}

function modeOf({ registers, longMode }: VcpuMemory): TableMode {
  if (registers.kind === 'hvm' && (registers.cr0 & 1n) === 0n) return 'real';
  return longMode ? 'long' : 'legacy';
}

const PRESENT_CODE = PRESENT | CODE_OR_DATA | CODE;

const GATE_SIZES: Readonly<Record<TableMode, GateSize>> = { real: 4, legacy: 8, long: 16 };

/**
 * Reads IDT, GDT and LDT of a vCPU; of a PV guest without the IDT, as its handlers stand in its context. Rejects with
 * `ReadError`.
 */
export async function descriptorTables(
  memory: GuestMemory,
  vcpu: VcpuMemory,
  symbols?: SymbolTable,
): Promise<DescriptorTables> {
  const mode = modeOf(vcpu);
  const handlers = new Handlers(memory, vcpu, mode, symbols);
  const tables: DescriptorTable[] = [];
  if (vcpu.tables.kind === 'hvm') tables.push(await handlers.into(await gates(memory, vcpu, MOST_GATES)));
  tables.push(await handlers.into(await segments(memory, vcpu, 'GDT')));
  if (tableSource(vcpu, 'LDT').size > 0) tables.push(await handlers.into(await segments(memory, vcpu, 'LDT')));
  return { mode, tables };
}

/** Reads the first `most` gates of the IDT of an HVM vCPU. Rejects with `ReadError`. */
export async function interruptTable(memory: GuestMemory, vcpu: VcpuMemory, most: number): Promise<DescriptorTable> {
  return new Handlers(memory, vcpu, modeOf(vcpu)).into(await gates(memory, vcpu, most));
}

async function gates(memory: GuestMemory, vcpu: VcpuMemory, most: number): Promise<DescriptorTable> {
  const { source, size } = tableSource(vcpu, 'IDT');
  const each = GATE_SIZES[modeOf(vcpu)];
  const claimed = Math.floor(size / each);
  const count = Math.min(claimed, most);
  const bytes = await TableBytes.read(memory, vcpu, source, 0, count * each);
  return { name: 'IDT', claimed, read: count, rows: gateRows(bytes, count, each) };
}

async function segments(memory: GuestMemory, vcpu: VcpuMemory, name: 'GDT' | 'LDT'): Promise<DescriptorTable> {
  const { source, size } = tableSource(vcpu, name);
  const claimed = Math.floor(size / DESCRIPTOR_SIZE);
  const count = Math.min(claimed, SELECTOR_ENTRIES);
  const own = 'frames' in source ? Math.min(count, FIRST_XEN_ENTRY) : count;
  const bytes = await TableBytes.read(memory, vcpu, source, 0, own * DESCRIPTOR_SIZE);
  const rows = segmentRows(bytes, own, vcpu.longMode);
  if (own < count) rows.push({ kind: 'lost', index: own, count: count - own, reason: XENS_PART });
  return { name, claimed, read: count, rows };
}

/** Finds where gates lead: an offset counts from the base of its code segment. */
class Handlers {
  readonly #memory: GuestMemory;
  readonly #vcpu: VcpuMemory;
  readonly #mode: TableMode;
  readonly #symbols: SymbolTable | undefined;
  readonly #bases = new Map<number, Promise<bigint | undefined>>();

  constructor(memory: GuestMemory, vcpu: VcpuMemory, mode: TableMode, symbols?: SymbolTable) {
    this.#memory = memory;
    this.#vcpu = vcpu;
    this.#mode = mode;
    this.#symbols = symbols;
  }

  async into(table: DescriptorTable): Promise<DescriptorTable> {
    const kind = table.name === 'IDT' ? 'IDT' : 'GDT';
    return { ...table, rows: await Promise.all(table.rows.map((row) => this.#row(row, kind))) };
  }

  async #row(row: TableRow, table: GateTable): Promise<TableRow> {
    if (row.kind === 'lost') return row;
    const isSystem = row.kind === 'segment' && (row.segment.attributes & (PRESENT | CODE_OR_DATA)) === PRESENT;
    const address =
      row.kind === 'gate' ? await this.#handlerOf(row.gate, table) : isSystem ? row.segment.base : undefined;
    if (address === undefined) return row;
    const found = this.#symbols?.find(address);
    const named = found ? { name: namedText(found) } : {};
    return row.kind === 'gate' ? { ...row, ...named, handler: address } : { ...row, ...named };
  }

  async #handlerOf(gate: Gate, table: GateTable): Promise<bigint | undefined> {
    const { selector, offset } = gate;
    if (!hasHandler(gate, table, this.#mode === 'long')) return undefined;
    switch (this.#mode) {
      case 'real':
        return BigInt(selector * 16) + offset;
      // Code of long mode starts at 0.
      case 'long':
        return offset;
      case 'legacy': {
        const base = await this.#baseOf(selector);
        return base === undefined ? undefined : BigInt.asUintN(32, base + offset);
      }
    }
  }

  #baseOf(selector: number): Promise<bigint | undefined> {
    const known = this.#bases.get(selector) ?? this.#findBase(selector);
    this.#bases.set(selector, known);
    return known;
  }

  async #findBase(selector: number): Promise<bigint | undefined> {
    const { tables } = this.#vcpu;
    // Those of Xen start at 0.
    if (tables.kind === 'pv' && XEN_SELECTORS[tables.width][selector] !== undefined) return 0n;
    const found = await descriptorOf(this.#memory, this.#vcpu, selector);
    return found.found && (found.segment.attributes & PRESENT_CODE) === PRESENT_CODE ? found.segment.base : undefined;
  }
}
