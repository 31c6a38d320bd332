/** The smaller fixed libxc records. Source: docs/specs/libxc-migration-stream.pandoc. */
import { array, bytes, struct, u32, u64, u8, zeros } from '../kit/layout';

export const X86_PV_INFO = struct('X86_PV_INFO', {
  guest_width: u8({ names: { 4: '32-bit guest', 8: '64-bit guest' }, doc: 'Bytes in a word of the guest.' }),
  pt_levels: u8({ names: { 3: '3-level (PAE)', 4: '4-level' }, doc: 'Levels of page tables.' }),
  reserved: zeros(6),
});

export const X86_TSC_INFO = struct('X86_TSC_INFO', {
  mode: u32({
    names: { 0: 'default', 1: 'always emulate', 2: 'never emulate', 3: 'PVRDTSCP' },
    doc: 'How RDTSC works for the guest (TSC_MODE_*).',
  }),
  khz: u32({ display: 'khz', doc: 'TSC frequency that the guest was told.' }),
  nsec: u64({ display: 'ns', doc: 'Guest time elapsed.' }),
  incarnation: u32({ doc: 'How often the domain has been migrated.' }),
  reserved: u32({ display: 'hex', mustBe: 0 }),
});

/** The page itself; its fields depend on the guest's width. */
export const SHARED_INFO = struct('SHARED_INFO', {
  shared_info: bytes('rest', { doc: 'The shared info page, 4096 bytes.' }),
});

export const TOOLSTACK = struct('TOOLSTACK', {
  data: bytes('rest', { doc: 'Opaque data of an upper toolstack; no release of Xen accepts it.' }),
});

export const CHECKPOINT_DIRTY_PFN_LIST = struct('CHECKPOINT_DIRTY_PFN_LIST', {
  pfn: array(u64({ display: 'hex' }), 'rest', { doc: 'PFNs dirtied by the secondary (COLO, back channel).' }),
});

/** Bodies that the specification leaves empty. */
export const EMPTY = struct('empty', {});
