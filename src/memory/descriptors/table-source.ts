/** Where the descriptor tables of a vCPU are, by its registers. */
import type { VcpuMemory } from '../../format/paging/vcpu';
import type { TableSource } from './table-bytes';

export type TableName = 'IDT' | 'GDT' | 'LDT';

export const XENS_PART = 'a segment of Xen, whose part of the GDT is not in the image';

/**
 * Tells where a descriptor table is. `size` is what registers or context claim, bytes; 0 for a table that is not there.
 * The IDT of a PV guest is its trap table.
 */
export function tableSource(
  { tables }: VcpuMemory,
  name: TableName,
): { readonly source: TableSource; readonly size: number } {
  switch (name) {
    case 'GDT':
      return {
        source: tables.kind === 'pv' ? { frames: tables.gdtFrames } : { base: tables.gdtBase },
        size: tables.gdtSize,
      };
    case 'LDT':
      return { source: { base: tables.ldtBase }, size: tables.ldtSize };
    case 'IDT':
      return tables.kind === 'pv'
        ? { source: { base: 0n }, size: 0 }
        : { source: { base: tables.idtBase }, size: tables.idtSize };
  }
}
