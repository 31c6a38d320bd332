/** Pages and what they are to the guest or to Xen. */
import type { Role } from '../map/role-layer';

export interface RoleRange {
  readonly pfn: number;
  readonly count: number;
  readonly role: Role;
  /** Who says so: `cr3 of vCPU 0`, `HVM_PARAM CONSOLE_PFN`. */
  readonly by: string;
}

/** Makes the range of a page, or of some that follow each other. */
export const one = (pfn: number | bigint, role: Role, by: string, count = 1): RoleRange => ({
  pfn: Number(pfn),
  count,
  role,
  by,
});

/** Tells whether a number can be a PFN: these have 52 bits in the stream. */
export const isPfn = (pfn: number | bigint): boolean => Number(pfn) >= 0 && Number(pfn) < 2 ** 52;
