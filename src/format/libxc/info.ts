/** The smaller fixed libxc records. Source: docs/specs/libxc-migration-stream.pandoc. */
import { duration } from '../../lib/duration';
import { array, bytes, struct, toPfn, u32, u64, u8, zeros } from '../kit/layout';

const spec = (section: string) => ({ source: `docs/specs/libxc-migration-stream.pandoc (${section})` });

export const X86_PV_INFO = struct(
  'X86_PV_INFO',
  {
    guest_width: u8({ names: { 4: '32-bit guest', 8: '64-bit guest' }, doc: 'Bytes in a word of the guest.' }),
    pt_levels: u8({
      names: { 3: '3-level (PAE)', 4: '4-level' },
      doc: 'Levels of page tables: 3 of a 32-bit guest, 4 of a 64-bit one.',
    }),
    reserved: zeros(6, { doc: 'Reserved, 0; restore ignores it.' }),
  },
  spec('X86_PV_INFO'),
);

/** TSC_MODE_* and what tsc_get_info gives: xen/arch/x86/time.c. */
export const X86_TSC_INFO = struct(
  'X86_TSC_INFO',
  {
    mode: u32({
      names: {
        0: 'default: emulated where the host’s TSC would not do',
        1: 'always emulated',
        2: 'never emulated',
        3: 'PVRDTSCP, which Xen has not had since 4.12',
      },
      doc: 'How RDTSC works for the guest (TSC_MODE_*).',
    }),
    khz: u32({ display: 'khz', doc: 'Frequency of the TSC that the guest was told; 0 when never emulated.' }),
    nsec: u64({
      display: 'ns',
      doc: 'Time that the guest’s TSC has counted; 0 when never emulated.',
      note: (value) => duration(BigInt(value)),
    }),
    incarnation: u32({ doc: '1 for a domain that was never restored; each restore or migration adds 1.' }),
    reserved: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0; restore ignores it.' }),
  },
  spec('X86_TSC_INFO'),
);

const TOOLSTACK = struct(
  'TOOLSTACK',
  {
    data: bytes('rest', { doc: 'Opaque data of an upper toolstack; no release of Xen accepts it.' }),
  },
  spec('TOOLSTACK'),
);

const CHECKPOINT_DIRTY_PFN_LIST = struct(
  'CHECKPOINT_DIRTY_PFN_LIST',
  {
    pfn: array(u64({ display: 'hex', leadsTo: toPfn, doc: 'PFN of a page that the secondary changed.' }), 'rest', {
      doc: 'PFNs dirtied by the secondary (COLO, back channel).',
    }),
  },
  spec('CHECKPOINT_DIRTY_PFN_LIST'),
);

/**
 * The records whose whole body is one of the structures above. A new record of this kind needs no decoder and no page of
 * the reference: both go over this list.
 */
export const PLAIN_RECORDS = { X86_PV_INFO, X86_TSC_INFO, TOOLSTACK, CHECKPOINT_DIRTY_PFN_LIST } as const;

/** The body of records that the specification leaves empty. */
export const EMPTY = struct('empty', {});
