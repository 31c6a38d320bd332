/** Looks up the descriptor of a selector, through the tables in the guest's memory. */
import type { VcpuMemory } from '../../format/paging/vcpu';
import { DESCRIPTOR_SIZE, descriptorSize, type Segment, segmentOf } from '../../format/x86/descriptor';
import { FIRST_XEN_ENTRY, isLocal, selectorIndex, XEN_SELECTORS } from '../../format/x86/selector';
import type { GuestMemory } from '../guest-memory';
import { type EntryBytes, TableBytes } from './table-bytes';
import { tableSource, XENS_PART } from './table-source';

export type Descriptor =
  | {
      readonly found: true;
      readonly table: 'GDT' | 'LDT';
      readonly index: number;
      /** Where it stands in the file. */
      readonly offset: number;
      /** 8 bytes, or 16 of a system segment in long mode. */
      readonly length: number;
      readonly segment: Segment;
    }
  | { readonly found: false; readonly reason: string };

/**
 * Finds the descriptor of a selector in the GDT or LDT of a vCPU, or the reason why there is none. Rejects with
 * `ReadError`.
 */
export async function descriptorOf(memory: GuestMemory, vcpu: VcpuMemory, selector: number): Promise<Descriptor> {
  const index = selectorIndex(selector);
  const table = isLocal(selector) ? 'LDT' : 'GDT';
  if (index === 0 && table === 'GDT') return { found: false, reason: 'the null selector' };
  const first = await entry(memory, vcpu, table, index, DESCRIPTOR_SIZE);
  if ('reason' in first) return { found: false, reason: named(vcpu, selector) ?? first.reason };
  const length = descriptorSize(first.bytes, vcpu.longMode);
  const whole = length === DESCRIPTOR_SIZE ? first : await entry(memory, vcpu, table, index, length);
  if ('reason' in whole) return { found: false, reason: whole.reason };
  return { found: true, table, index, offset: first.offset, length, segment: segmentOf(whole.bytes) };
}

function named({ tables }: VcpuMemory, selector: number): string | undefined {
  const name = tables.kind === 'pv' ? XEN_SELECTORS[tables.width][selector] : undefined;
  return name === undefined ? undefined : `${name}: ${XENS_PART}`;
}

async function entry(
  memory: GuestMemory,
  vcpu: VcpuMemory,
  table: 'GDT' | 'LDT',
  index: number,
  length: number,
): Promise<EntryBytes> {
  const at = index * DESCRIPTOR_SIZE;
  const { source, size } = tableSource(vcpu, table);
  if (table === 'LDT' && size === 0) return { reason: 'there is no LDT' };
  if ('frames' in source && index >= FIRST_XEN_ENTRY) return { reason: XENS_PART };
  if (at + length > size) return { reason: `entry ${index} is beyond the end of the ${table}` };
  return (await TableBytes.read(memory, vcpu, source, at, length)).entry(at, length);
}
