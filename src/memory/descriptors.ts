/** From a selector to its descriptor, through the tables in the guest's memory. */
import { PAGE_SIZE } from '../format/libxc/page-data';
import { descriptorSize, type Segment, segmentOf } from '../format/x86/descriptor';
import { FIRST_XEN_ENTRY, isLocal, selectorIndex, XEN_SELECTORS } from '../format/x86/selector';
import type { GuestMemory } from './guest-memory';
import { absenceText } from './absence';
import type { VcpuMemory } from '../format/paging/vcpu';
import { readVirtual } from './walk/virtual';

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

const ENTRY_SIZE = 8;

type Bytes = { readonly bytes: Uint8Array; readonly offset: number } | { readonly reason: string };

export async function descriptorOf(memory: GuestMemory, vcpu: VcpuMemory, selector: number): Promise<Descriptor> {
  const index = selectorIndex(selector);
  const table = isLocal(selector) ? 'LDT' : 'GDT';
  if (index === 0 && table === 'GDT') return { found: false, reason: 'the null selector' };
  const first = await entry(memory, vcpu, table, index, ENTRY_SIZE);
  if ('reason' in first) return { found: false, reason: named(vcpu, selector) ?? first.reason };
  const length = descriptorSize(first.bytes, vcpu.longMode);
  const whole = length === ENTRY_SIZE ? first : await entry(memory, vcpu, table, index, length);
  if ('reason' in whole) return { found: false, reason: whole.reason };
  return { found: true, table, index, offset: first.offset, length, segment: segmentOf(whole.bytes) };
}

function named({ tables }: VcpuMemory, selector: number): string | undefined {
  const name = tables.kind === 'pv' ? XEN_SELECTORS[tables.width][selector] : undefined;
  return name === undefined ? undefined : `${name}: a segment of Xen, whose part of the GDT is not in the image`;
}

async function entry(
  memory: GuestMemory,
  { registers, tables }: VcpuMemory,
  table: 'GDT' | 'LDT',
  index: number,
  length: number,
): Promise<Bytes> {
  const at = index * ENTRY_SIZE;
  const beyond = { reason: `entry ${index} is beyond the end of the ${table}` };
  if (table === 'LDT') {
    if (at + length > tables.ldtSize) return tables.ldtSize === 0 ? { reason: 'there is no LDT' } : beyond;
    return readVirtual(memory, registers, tables.ldtBase + BigInt(at), length);
  }
  if (tables.kind === 'hvm') {
    if (at + length > tables.gdtSize) return beyond;
    return readVirtual(memory, registers, tables.gdtBase + BigInt(at), length);
  }
  if (index >= FIRST_XEN_ENTRY) return { reason: 'a segment of Xen, whose part of the GDT is not in the image' };
  if (at + length > tables.gdtSize) return beyond;
  return inFrames(memory, tables.gdtFrames, at, length);
}

/** The GDT of a PV guest is given by its pages, wherever those are mapped. */
async function inFrames(memory: GuestMemory, frames: readonly number[], at: number, length: number): Promise<Bytes> {
  const bytes = new Uint8Array(length);
  let offset = -1;
  for (let done = 0; done < length; done += ENTRY_SIZE) {
    const page = memory.page(frames[Math.floor((at + done) / PAGE_SIZE)] ?? 0);
    if (page.state === 'absent') return { reason: `the page of the GDT is not in the image: ${absenceText(page)}` };
    const from = (at + done) % PAGE_SIZE;
    bytes.set((await memory.pageBytes(page)).subarray(from, from + ENTRY_SIZE), done);
    if (offset < 0) offset = page.offset + from;
  }
  return { bytes, offset };
}
