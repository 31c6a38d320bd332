/** Which vCPU a field belongs to, and the registers by which its addresses are found. */
import type { VcpuMemory } from '../format/paging/vcpu';
import { type OwningVcpu, vcpuAt } from '../memory/vcpus/owner';
import { savedVcpu, savedVcpus } from '../memory/vcpus/saved';
import type { OpenFile } from './open-file';

/** Returns the numbers of the vCPUs that have registers, ascending. */
export const vcpuNumbers = (file: OpenFile): number[] => savedVcpus(file).map(({ id }) => id);

/** Reads the state of a vCPU that a restore would take. Rejects with `ReadError`. */
export const vcpuNumbered = (file: OpenFile, id: number): Promise<VcpuMemory | undefined> => savedVcpu(file, id);

/**
 * Finds the vCPU that the field at a file offset in `record` belongs to; the shown one, else vCPU 0, for what belongs to
 * none. Rejects with `ReadError`.
 */
export const vcpuOf = (file: OpenFile, record: number, offset: number): Promise<OwningVcpu | undefined> =>
  vcpuAt(file, { record, offset }, file.place.vcpu ?? 0);
