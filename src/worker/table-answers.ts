/** The answer about descriptor tables: loaded when it is first asked for. */
import { readPoint, type SavedVcpu } from '../memory/vcpus/saved';
import { type DescriptorTables, descriptorTables } from '../memory/descriptors/tables';
import type { WorkerFile } from './worker-file';

/** Reads the IDT, GDT and LDT of a vCPU out of the guest's memory. */
export async function tablesOf(
  { scan: { records, image }, source, memory, symbols }: WorkerFile,
  vcpu: SavedVcpu,
): Promise<DescriptorTables | { readonly reason: string }> {
  const point = await readPoint({ records, image, source }, vcpu);
  return point ? descriptorTables(memory, point.vcpu, symbols) : { reason: 'its registers cannot be read' };
}
