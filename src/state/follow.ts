/**
 * Leads from a value that names a place in the guest's memory to the bytes there, or to the reason why there are
 * none.
 */
import { reasonOf } from '../lib/reason';
import type { FieldNode, MemoryRef } from '../format/kit/node';
import { offsetInPage, PAGE_SIZE, pfnOf } from '../format/page';
import { hex0x } from '../lib/text';
import type { RestoredPage } from '../scan/restored/pages';
import { whyAbsent } from '../memory/absence';
import { whyNot } from '../memory/walk/reasons';
import type { VcpuMemory } from '../format/paging/vcpu';
import { goToAddress, goToPageCopy, recordAt, selectPfn } from './actions';
import { notify } from './app';
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
 * Goes to where a field leads. Returns false, with a notice, where the image does not hold that; of an address the walk
 * is then shown, as far as it goes. Never rejects.
 */
export async function followField(file: OpenFile, node: Leading): Promise<boolean> {
  const { leadsTo: ref } = node;
  if (!ref) return false;
  const reason = await follow(file, node, ref).catch((error: unknown) => reasonOf(error, 'the request failed'));
  if (reason !== undefined) notify(`No bytes at ${refText(ref)}: ${reason}`);
  return reason === undefined;
}

/** The linear address that a value means: an offset in a segment where it is one. */
function linearOf({ name }: Leading, { at }: MemoryRef, { bases }: VcpuMemory): bigint {
  const segment = SEGMENT_OF[name];
  return BigInt.asUintN(64, segment === undefined ? at : at + bases[segment]);
}

async function follow(file: OpenFile, node: Leading, ref: MemoryRef): Promise<string | undefined> {
  const { space, at } = ref;
  switch (space) {
    case 'pfn':
      return show(file, await file.request('page', { pfn: Number(at) }), 0, PAGE_SIZE);
    case 'gpa':
      return show(file, await file.request('page', { pfn: pfnOf(at) }), offsetInPage(at), WORD);
    case 'va': {
      const vcpu = await vcpuOf(file, recordAt(file, node.offset), node.offset);
      if (!vcpu) return 'there is no vCPU whose page tables would say';
      const { registers } = vcpu.memory;
      const found = await file.request('translate', { registers, va: linearOf(node, ref, vcpu.memory) });
      const not = whyNot(found);
      // The view of virtual memory goes by the registers that a restore takes, which need not be those of an earlier checkpoint.
      if (not !== undefined && hasRegisters(await vcpuNumbered(file, vcpu.id), registers))
        goToAddress(file, found.va, vcpu.id);
      return not ?? (found.page ? show(file, found.page, offsetInPage(found.va), WORD) : 'it leads nowhere');
    }
  }
}

const hasRegisters = (vcpu: VcpuMemory | undefined, registers: VcpuMemory['registers']): boolean =>
  vcpu !== undefined &&
  Object.entries(registers).every(([name, value]) =>
    Object.entries(vcpu.registers).some(([other, its]) => other === name && its === value),
  );

/** Selects bytes of a page; the reason where it has none. */
function show(file: OpenFile, page: RestoredPage, from: number, length: number): string | undefined {
  if (page.state === 'absent') {
    // What the map knows of it says more than the reason alone.
    if (page.pfn <= file.scan.state.known.progress.highestPfn) selectPfn(file, page.pfn);
    return whyAbsent(page);
  }
  const start = page.offset + from;
  goToPageCopy(file, page.pfn, page.record, { start, end: Math.min(start + length, page.offset + PAGE_SIZE) });
  if (page.outdated) notify('An older copy: the file ends before the last one');
  return undefined;
}
