/** What the registers of a vCPU point to: its page tables, code, stack, descriptor tables. */
import { frameNumber, offsetInPage, PAGE_SIZE, pageStart } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { translate } from '../walk/virtual';
import { pagingsOf } from '../../format/paging/paging';
import { isPfn, ofVcpu, type RoleRange } from './role';

const SIDE = { kernel: 'cr3', user: 'user mode’s cr3' } as const;
/** Descriptor tables have at most 64 KiB. */
const TABLE_PAGES = 17;

/** Finds the pages that the registers of a vCPU point to. Rejects with `ReadError`. */
export async function vcpuRoles(memory: GuestMemory, id: number, vcpu: VcpuMemory): Promise<RoleRange[]> {
  const found: RoleRange[] = [];
  for (const { mode, root, side } of pagingsOf(vcpu.registers)) {
    if (mode.levels.length > 0) found.push(ofVcpu(frameNumber(root), 'root', SIDE[side ?? 'kernel'], id));
  }
  const at = async (va: bigint): Promise<bigint | undefined> => {
    const { gpa } = await translate(memory, vcpu.registers, va);
    return gpa === undefined ? undefined : frameNumber(gpa);
  };
  const { ip, sp } = vcpu.pointers;
  const code = await at(ip);
  if (code !== undefined) found.push(ofVcpu(code, 'code', 'rip', id));
  // An empty stack that starts at the end of its page points behind it.
  const stack = (await at(sp)) ?? (await at(sp - 8n));
  if (stack !== undefined) found.push(ofVcpu(stack, 'stack', 'rsp', id));
  const { tables } = vcpu;
  if (tables.kind === 'pv') {
    const pages = Math.min(tables.gdtFrames.length, Math.ceil(tables.gdtSize / PAGE_SIZE));
    for (const pfn of tables.gdtFrames.slice(0, pages)) if (isPfn(pfn)) found.push(ofVcpu(pfn, 'gdt', 'GDT', id));
    return found;
  }
  for (const [role, base, size, name] of [
    ['gdt', tables.gdtBase, tables.gdtSize, 'GDTR'],
    ['idt', tables.idtBase, tables.idtSize, 'IDTR'],
  ] as const) {
    if (base === 0n) continue;
    const pages = Math.min(TABLE_PAGES, Math.ceil((offsetInPage(base) + size) / PAGE_SIZE));
    for (let page = 0; page < pages; page++) {
      const pfn = await at(pageStart(base) + BigInt(page * PAGE_SIZE));
      if (pfn !== undefined) found.push(ofVcpu(pfn, role, name, id));
    }
  }
  return found;
}
