/** Pages and what they are to the guest or to Xen. */
import type { Role } from '../map/role-layer';

export interface RoleRange {
  readonly pfn: number;
  readonly count: number;
  readonly role: Role;
  /** What says so: a register, `HVM_PARAM CONSOLE_PFN`. */
  readonly by: string;
  /** The vCPU whose register says so. */
  readonly vcpu?: number;
}

/** Makes the range of a page, or of some that follow each other. */
export const one = (pfn: number | bigint, role: Role, by: string, count = 1): RoleRange => ({
  pfn: Number(pfn),
  count,
  role,
  by,
});

/** Makes the range of a page that a register of a vCPU names. */
export const ofVcpu = (pfn: number | bigint, role: Role, register: string, vcpu: number): RoleRange => ({
  ...one(pfn, role, register),
  vcpu,
});

/** Tells whether a number can be a PFN: these have 52 bits in the stream. */
export const isPfn = (pfn: number | bigint): boolean => Number(pfn) >= 0 && Number(pfn) < 2 ** 52;
