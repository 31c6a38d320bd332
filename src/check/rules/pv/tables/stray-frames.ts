/** Numbers that libxc does not turn to machine frames of the new domain, and what Xen makes of them. */
import { frameNumber } from '../../../../format/page';
import { hex, hex0x } from '../../../../lib/text';
import { type Rule, ADVICE } from '../../../kit/rule';

const MM = 'xen/arch/x86/mm.c';

/**
 * Tells whether a frame is one that a host does not give to a guest: the first MiB is I/O memory to Xen, the rest of the first 16 MiB is what it
 * gives last of all, and no memory lies as high as 128 TiB.
 */
export const isHostsOwn = (frame: number): boolean => frame < 0x1000 || frame >= 2 ** 35;
/** Tells whether a frame is in low or high memory that no guest owns: Xen takes it for the memory of a device. */
export const isNoMemory = (frame: number): boolean => frame < 0x100 || frame >= 2 ** 35;

/** cr1 without the bit that says that it holds a PFN. */
interface RawRoot {
  readonly vcpu: number;
  readonly cr1: bigint;
}

export const RAW_ROOT_RULES: readonly Rule<RawRoot>[] = [
  {
    id: 'HP-43',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    title: 'cr1 names a machine frame instead of a PFN',
    explain:
      'Bit 0 of cr1 tells libxc to translate the PFN in it to a machine frame. Without the bit Xen gets the number as it is, and that frame does not belong to the guest.',
    advice: ADVICE.copy,
    source: 'xen/arch/x86/domain.c: arch_set_info_guest()',
    when: ({ vcpu, cr1 }) => ({
      message: `cr1 ${hex0x(cr1)} of vCPU ${vcpu} names a machine frame instead of a PFN`,
      settled: isHostsOwn(Number(frameNumber(cr1))),
    }),
  },
];

export const NARROW_L4_RULES: readonly Rule<{ readonly pfn: number }>[] = [
  {
    id: 'HP-21',
    layer: 'hypervisor',
    severity: 'note',
    title: 'a pinned L4 table in a 32-bit guest, which Xen ignores',
    explain: 'A 32-bit guest has three levels of page tables.',
    advice: ADVICE.none,
    source: `${MM}: do_mmuext_op()`,
    when: ({ pfn }) => ({ message: `PFN ${hex0x(pfn)} is a pinned L4 table in a 32-bit guest, which Xen ignores` }),
  },
];

/** A table that was not sent as one, whose entries might be frames of the new domain. */
interface StrayTable {
  readonly table: number;
  readonly level: number;
  /** How many entries are present, and the frame that the first of them names. */
  readonly present: number;
  readonly frame: number;
}

export const STRAY_TABLE_RULES: readonly Rule<StrayTable>[] = [
  {
    id: 'PT-04',
    layer: 'hypervisor',
    severity: 'warning',
    title: 'a page that was not sent as a page table is used as one',
    explain:
      'libxc translates the PFNs in page tables to machine frames of the new domain, but only in pages that the stream marks as page tables. The entries of this page stay as they are: Xen refuses it unless the new domain happens to own exactly those frames.',
    advice: ADVICE.copy,
    source: `tools/libs/guest/xg_sr_restore_x86_pv.c: x86_pv_localise_page(); ${MM}: get_page_from_l1e()`,
    when: ({ table, level, present, frame }) => ({
      message: `L${level} table ${hex0x(table)} was not sent as a page table: ${present} entries name machine frames as they are, the first ${hex(frame)}`,
    }),
  },
];
