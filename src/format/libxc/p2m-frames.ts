/** X86_PV_P2M_FRAMES: which guest pages hold the P2M table. Source: libxc-migration-stream.pandoc. */
import { array, struct, u32, u64 } from '../kit/layout';

export const X86_PV_P2M_FRAMES = struct('X86_PV_P2M_FRAMES', {
  start_pfn: u32({ display: 'hex', doc: 'First PFN that the listed frames describe.' }),
  end_pfn: u32({ display: 'hex', doc: 'Last PFN: the highest that the guest has.' }),
  p2m_pfn: array(u64({ display: 'hex' }), 'rest', {
    doc: 'PFNs of the pages that hold the P2M: 512 entries each for a 64-bit guest, 1024 for a 32-bit one.',
  }),
});
