/** The vCPUs of a core file: registers in its forms, and how each finds memory. */
import { DomainType } from '../../../format/libxc/headers';
import { hvmMemory, pvMemory } from '../../../format/paging/vcpu';
import type { PagingRegisters } from '../../../format/paging/paging';
import { savedVcpus } from '../../vcpus/saved';
import { type Exportable, ExportRefused } from '../kit/plan';
import { machineContext } from './machine-context';
import type { MachineFrames } from './machine-frames';
import { type CoreRegisters, hvmRegisters, pvRegisters } from './registers';

export interface SavedCpu {
  readonly id: number;
  readonly registers: CoreRegisters;
  readonly paging: PagingRegisters;
}

/** Longest structure that holds registers: that of a 64-bit PV guest. */
const CONTEXT_LIMIT = 8192;

/**
 * Reads the registers of all vCPUs that have any, at least one. With frames the registers name these, and paging PFNs
 * all the same. Rejects with `ExportRefused` and `ReadError`.
 */
export async function savedCpus(file: Exportable, frames?: MachineFrames): Promise<SavedCpu[]> {
  const { bigEndian, addressBits, domainType } = file.image;
  const little = bigEndian !== true;
  const cpus: SavedCpu[] = [];
  for (const { id, offset, length } of savedVcpus(file)) {
    const bytes = await file.source.read(offset, Math.min(length, CONTEXT_LIMIT));
    const isPv = domainType === DomainType.X86_PV;
    const memory = isPv ? pvMemory(bytes, little) : hvmMemory(bytes, little, addressBits);
    const shown = frames && memory ? await machineContext(bytes, id, frames) : bytes;
    const registers = isPv ? pvRegisters(shown, id, little) : hvmRegisters(shown, id, little);
    if (bytes.length < length || !registers || !memory)
      throw new ExportRefused(`the registers of vCPU ${id} are damaged`);
    cpus.push({ id, registers, paging: memory.registers });
  }
  if (cpus.length === 0) throw new ExportRefused('the registers of no vCPU are in the image');
  return cpus;
}
