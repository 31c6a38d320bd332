/**
 * Leads from a value that names a place in the guest's memory to the bytes there, or to the reason why there are
 * none.
 */
import type { FieldNode, MemoryRef } from '../format/kit/node';
import { offsetInPage, PAGE_SIZE, pfnOf } from '../format/page';
import { hex0x } from '../lib/text';
import type { RestoredPage } from '../scan/restored/pages';
import { whyAbsent } from '../memory/absence';
import { whyNot } from '../memory/walk/reasons';
import type { VcpuMemory } from '../format/paging/vcpu';
import { goToAddress, goToPageCopy, recordAt, selectPfn } from './actions';
import { type Arrival, lead } from './lead';
import type { OpenFile } from './open-file';
import { vcpuNumbered, vcpuOf } from './vcpu-of';

/** Bytes selected at an address: a word. */
const WORD = 8;
/** Registers whose values are offsets in a segment, which outside of 64-bit code need not start at 0. */
const SEGMENT_OF: Readonly<Record<string, 'cs' | 'ss'>> = {
  rip: 'cs',
  eip: 'cs',
  rsp: 'ss',
  esp: 'ss',
  rbp: 'ss',
  ebp: 'ss',
};

const SPACES: Readonly<Record<MemoryRef['space'], string>> = { pfn: 'PFN', gpa: 'guest address', va: 'address' };

/** Names a place in memory: `PFN 0x1f`, `address 0xffffffff81000000`. */
export const refText = ({ space, at }: MemoryRef): string => `${SPACES[space]} ${hex0x(at)}`;

/**
 * Tells whether the page tables of the vCPU that a field belongs to lead from its value to a page. Rejects where a
 * read fails.
 */
export async function isMapped(file: OpenFile, node: Leading): Promise<boolean> {
  const { leadsTo: ref } = node;
  if (ref?.space !== 'va') return false;
  const vcpu = await vcpuOf(file, recordAt(file, node.offset), node.offset);
  if (!vcpu) return false;
  const { gpa } = await file.request('translate', {
    registers: vcpu.memory.registers,
    va: linearOf(node, ref, vcpu.memory),
  });
  return gpa !== undefined;
}

/** The part of a field that says where it leads. */
export type Leading = Pick<FieldNode, 'name' | 'offset' | 'leadsTo'>;

/**
 * Goes to where a field leads. Where the image does not hold that, a notice says why, and of an address the walk is
 * shown as far as it goes. Returns what it came to; undefined where the field leads nowhere, and where the user has gone
 * elsewhere meanwhile. Never rejects.
 */
export async function followField(file: OpenFile, node: Leading): Promise<Arrival | undefined> {
  const { leadsTo: ref } = node;
  if (!ref) return undefined;
  return lead(
    file,
    () => arrivalOf(file, node, ref),
    (reason) => nothingAt(ref, reason),
  );
}

const nothingAt = (ref: MemoryRef, reason: string): Arrival => ({
  found: false,
  notice: `No bytes at ${refText(ref)}: ${reason}`,
});

/** The linear address that a value means: an offset in a segment where it is one. */
function linearOf({ name }: Leading, { at }: MemoryRef, { bases }: VcpuMemory): bigint {
  const segment = SEGMENT_OF[name];
  return BigInt.asUintN(64, segment === undefined ? at : at + bases[segment]);
}

async function arrivalOf(file: OpenFile, node: Leading, ref: MemoryRef): Promise<Arrival> {
  const { space, at } = ref;
  switch (space) {
    case 'pfn':
      return inPage(file, ref, await file.request('page', { pfn: Number(at) }), 0, PAGE_SIZE);
    case 'gpa':
      return inPage(file, ref, await file.request('page', { pfn: pfnOf(at) }), offsetInPage(at), WORD);
    case 'va':
      return atAddress(file, node, ref);
  }
}

async function atAddress(file: OpenFile, node: Leading, ref: MemoryRef): Promise<Arrival> {
  const vcpu = await vcpuOf(file, recordAt(file, node.offset), node.offset);
  if (!vcpu) return nothingAt(ref, 'there is no vCPU whose page tables would say');
  const { registers } = vcpu.memory;
  const found = await file.request('translate', { registers, va: linearOf(node, ref, vcpu.memory) });
  const not = whyNot(found);
  if (not === undefined)
    return found.page
      ? inPage(file, ref, found.page, offsetInPage(found.va), WORD)
      : nothingAt(ref, 'it leads nowhere');
  // The view of virtual memory goes by the registers that a restore takes; those of an earlier checkpoint can be others.
  const isShown = hasRegisters(await vcpuNumbered(file, vcpu.id), registers);
  return { ...nothingAt(ref, not), ...(isShown ? { go: () => goToAddress(file, found.va, vcpu.id) } : {}) };
}

const hasRegisters = (vcpu: VcpuMemory | undefined, registers: VcpuMemory['registers']): boolean =>
  vcpu !== undefined &&
  Object.entries(registers).every(([name, value]) =>
    Object.entries(vcpu.registers).some(([other, its]) => other === name && its === value),
  );

/** Bytes of a page, or why it has none. */
function inPage(file: OpenFile, ref: MemoryRef, page: RestoredPage, from: number, length: number): Arrival {
  const { pfn } = page;
  if (page.state === 'absent') {
    // What the map knows of it says more than the reason alone.
    const isMentioned = pfn <= file.scan.state.known.progress.highestPfn;
    return { ...nothingAt(ref, whyAbsent(page)), ...(isMentioned ? { go: () => selectPfn(file, pfn) } : {}) };
  }
  const start = page.offset + from;
  const end = Math.min(start + length, page.offset + PAGE_SIZE);
  return {
    found: true,
    go: () => goToPageCopy(file, pfn, page.record, { start, end }),
    ...(page.outdated ? { notice: 'An older copy: the file ends before the last one' } : {}),
  };
}
