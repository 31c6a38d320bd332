/** Where the descriptor tables of a VCPU are, by its registers. */
import type { VcpuMemory } from '../../format/paging/vcpu';
import type { TablePlace } from './table-bytes';

export type TableName = 'IDT' | 'GDT' | 'LDT';

export const XENS_PART = 'a segment of Xen, whose part of the GDT is not in the image';

/** `size` is what registers or context claim, bytes; 0 for a table that is not there. The IDT of a PV guest is its trap table. */
export function tablePlace(
  { tables }: VcpuMemory,
  name: TableName,
): { readonly place: TablePlace; readonly size: number } {
  switch (name) {
    case 'GDT':
      return {
        place: tables.kind === 'pv' ? { frames: tables.gdtFrames } : { base: tables.gdtBase },
        size: tables.gdtSize,
      };
    case 'LDT':
      return { place: { base: tables.ldtBase }, size: tables.ldtSize };
    case 'IDT':
      return tables.kind === 'pv'
        ? { place: { base: 0n }, size: 0 }
        : { place: { base: tables.idtBase }, size: tables.idtSize };
  }
}
