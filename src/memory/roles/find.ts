/** Goes through all that names pages: records, registers, page tables. */
import { pfnOf } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import { readMemory, type Saved, savedVcpus } from '../vcpus/saved';
import { pagingsOf } from '../../format/paging/paging';
import { deviceRoles, p2mRoles, paramRoles, startInfoRoles } from './record-roles';
import type { RoleRange } from './role';
import { RoleMap } from './role-map';
import { tablesOf } from './tables';
import { vcpuRoles } from './vcpu-roles';

/** vCPUs looked at. */
const VCPUS = 1024;

/**
 * Finds what pages are to the guest and to Xen, by all that names pages. `breathe` is awaited every few milliseconds, and may throw to end the work;
 * `onProgress` hears how many vCPUs have been looked at, and of how many. Rejects with `ReadError`.
 */
export async function findRoles(
  saved: Saved,
  memory: GuestMemory,
  breathe: () => Promise<void>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<RoleMap> {
  const found: RoleRange[] = [...(await p2mRoles(saved)), ...(await paramRoles(saved)), ...(await deviceRoles(saved))];
  const known = new Set<number>();
  const looked = new Set<string>();
  const vcpus = savedVcpus(saved).slice(0, VCPUS);
  for (const [index, registers] of vcpus.entries()) {
    onProgress(index, vcpus.length);
    const { id } = registers;
    const vcpu = await readMemory(saved, registers);
    if (!vcpu) continue;
    const { tables } = vcpu;
    found.push(...(await vcpuRoles(memory, id, vcpu)));
    if (tables.kind === 'pv') {
      if (id === 0 && tables.startInfo !== undefined)
        found.push(...(await startInfoRoles(memory, tables.startInfo, tables.width)));
      continue;
    }
    for (const paging of pagingsOf(vcpu.registers)) {
      const root = pfnOf(paging.root);
      if (known.has(root)) continue;
      known.add(root);
      found.push(...(await tablesOf(memory, paging, { known, looked }, breathe)));
    }
  }
  return new RoleMap(found);
}
