/** What libxc looks at in the records that describe a PV guest: X86_PV_INFO, X86_PV_P2M_FRAMES, SHARED_INFO. */
import { spanOf } from '../../../format/kit/fields';
import { sizeOf, type ValueOf } from '../../../format/kit/layout';
import { X86_PV_INFO } from '../../../format/libxc/info';
import { P2M_LIST, X86_PV_P2M_FRAMES } from '../../../format/libxc/p2m-frames';
import { PAGE_SIZE } from '../../../format/page';
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { inBody, LENGTH_AT } from '../../kit/places';
import { type Rule, ADVICE } from '../../kit/rule';

const RESTORE = 'tools/libs/guest/xg_sr_restore_x86_pv.c';
const infoField = inBody(X86_PV_INFO);
const INFO_SIZE = sizeOf(X86_PV_INFO);

/** An X86_PV_INFO record. */
export interface PvInfo {
  readonly length: number;
  readonly info: ValueOf<typeof X86_PV_INFO>;
  /** One was there before. */
  readonly seen: boolean;
  /** Whether the target can run 32-bit PV guests; undefined where it is not known. */
  readonly pv32: boolean | undefined;
}

export const PV_INFO_RULES: readonly Rule<PvInfo>[] = [
  {
    id: 'LP-01',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Already received X86_PV_INFO record')],
    title: 'a second X86_PV_INFO',
    explain: 'A stream tells the width of the guest once.',
    advice: ADVICE.writer,
    source: `${RESTORE}: handle_x86_pv_info()`,
    when: ({ seen }) => seen,
  },
  {
    id: 'LP-02',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('X86_PV_INFO record truncated: length %u, expected %zu')],
    title: 'an X86_PV_INFO shorter than 8 bytes',
    explain: 'The record holds the width and the paging levels, which take 8 bytes.',
    advice: ADVICE.writer,
    source: `${RESTORE}: handle_x86_pv_info()`,
    when: ({ length }) => length < INFO_SIZE && { values: [length, INFO_SIZE], at: LENGTH_AT },
  },
  {
    id: 'LP-03',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Invalid X86_PV_INFO combination: width %u, pt_levels %u')],
    title: 'a width and paging levels that do not match',
    explain: 'A guest has width 4 and 3 levels, or width 8 and 4 levels.',
    advice: ADVICE.copy,
    source: `${RESTORE}: valid_x86_pv_info_combination()`,
    when: ({ info: { guest_width: width, pt_levels: levels } }) =>
      !(width === 4 && levels === 3) &&
      !(width === 8 && levels === 4) && { values: [width, levels], at: infoField('guest_width', 'pt_levels') },
  },
  {
    id: 'LP-04',
    layer: 'hypervisor',
    severity: 'fatal',
    certainty: 'target',
    errno: 95,
    log: [says.libxc('Failed to update d{N} address size to %u')],
    title: 'a 32-bit PV guest: the target must be able to run one',
    explain:
      'Xen runs 32-bit PV guests only where it was built with CONFIG_PV32, pv=no-32 is not given, and CET shadow stacks are off.',
    advice: 'Restore on a Xen with 32-bit PV, or run the guest in the PV shim.',
    source: `${RESTORE}: handle_x86_pv_info(); xen/arch/x86/pv/domain.c: switch_compat()`,
    when: ({ info, pv32 }) =>
      info.guest_width === 4 &&
      pv32 !== true && { values: [32], settled: pv32 === false, at: infoField('guest_width') },
  },
  {
    id: 'LP-53',
    layer: 'spec',
    severity: 'note',
    title: 'reserved bytes of X86_PV_INFO are set; libxc ignores them',
    explain: 'verify-stream-v2 refuses such a record.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: X86_PV_INFO',
    when: ({ info }) => info.reserved.some((byte) => byte !== 0) && { at: infoField('reserved') },
  },
];

const framesField = inBody(X86_PV_P2M_FRAMES);
const { offset: LIST_AT, length: ENTRY_SIZE } = P2M_LIST;

/** An X86_PV_P2M_FRAMES record. */
export interface P2mFrames {
  readonly length: number;
  /** First and last PFN that the listed frames describe. */
  readonly start: number;
  readonly end: number;
  /** Width of the guest, bytes. */
  readonly width: number;
  readonly seenPvInfo: boolean;
  /** Highest PFN known before. */
  readonly maxPfn: number;
  readonly allocated: boolean;
}

/** Returns the index of the first frame of a range of PFNs in the guest's P2M, and that behind the last. */
export function frameRange({ start, end, width }: Pick<P2mFrames, 'start' | 'end' | 'width'>): {
  readonly first: number;
  readonly behind: number;
} {
  const each = PAGE_SIZE / width;
  return { first: Math.floor(start / each), behind: Math.floor(end / each) + 1 };
}

export const P2M_RULES: readonly Rule<P2mFrames>[] = [
  {
    id: 'LP-06',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Not yet received X86_PV_INFO record')],
    title: 'X86_PV_P2M_FRAMES before X86_PV_INFO',
    explain: 'How many PFNs a frame covers depends on the width of the guest.',
    advice: ADVICE.writer,
    source: `${RESTORE}: handle_x86_pv_p2m_frames()`,
    when: ({ seenPvInfo }) => !seenPvInfo,
  },
  {
    id: 'LP-07',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('X86_PV_P2M_FRAMES record truncated: length %u, min %zu')],
    title: 'an X86_PV_P2M_FRAMES shorter than its header',
    explain: 'The record starts with the first and the last PFN, which take 8 bytes.',
    advice: ADVICE.writer,
    source: `${RESTORE}: handle_x86_pv_p2m_frames()`,
    when: ({ length }) => length < LIST_AT && { values: [length, LIST_AT + ENTRY_SIZE], at: LENGTH_AT },
  },
  {
    id: 'LP-08',
    layer: 'libxc',
    severity: 'fatal',
    // The words are the wrong way round.
    log: [says.libxc('End pfn in stream (%#x) exceeds Start (%#x)')],
    title: 'a first PFN above the last',
    explain: 'start_pfn must not be larger than end_pfn. Xen’s message names the two the wrong way round.',
    advice: ADVICE.copy,
    source: `${RESTORE}: handle_x86_pv_p2m_frames()`,
    when: ({ start, end }) => start > end && { values: [end, start], at: framesField('start_pfn', 'end_pfn') },
  },
  {
    id: 'LP-09',
    layer: 'libxc',
    severity: 'fatal',
    log: [
      says.libxc(
        'X86_PV_P2M_FRAMES record wrong size: start_pfn %#x, end_pfn %#x, length %u, expected %zu + (%u - %u) * %zu',
      ),
    ],
    title: 'the number of frames does not fit the range of PFNs',
    explain: 'There must be one frame for every 512 PFNs of a 64-bit guest, or 1024 of a 32-bit one.',
    advice: ADVICE.copy,
    source: `${RESTORE}: handle_x86_pv_p2m_frames()`,
    when: (frames) => {
      const { start, end, length } = frames;
      const { first, behind } = frameRange(frames);
      if (length === LIST_AT + (behind - first) * ENTRY_SIZE) return false;
      return {
        values: [start, end, length, LIST_AT, behind, first, ENTRY_SIZE],
        message: `${(length - LIST_AT) / ENTRY_SIZE} frames for PFNs ${hex0x(start)} to ${hex0x(end)}, which take ${behind - first}`,
        at: spanOf(LENGTH_AT, framesField('end_pfn')),
      };
    },
  },
  {
    id: 'LP-10',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxl('domain {N} save/restore helper [%s] died due to fatal signal Segmentation fault')],
    title: 'a frame list that ends at PFN 0: libxc writes through a null pointer',
    explain:
      'libxc allocates memory for the list when the highest PFN grows. That starts at 0, so a list that ends at 0 gets none.',
    advice: ADVICE.writer,
    source: `${RESTORE}: handle_x86_pv_p2m_frames(), expand_p2m()`,
    when: ({ end, maxPfn, allocated }) => end <= maxPfn && !allocated && { values: ['N'], at: framesField('end_pfn') },
  },
];

/** A SHARED_INFO record. */
export interface SharedInfo {
  readonly length: number;
  readonly seenPvInfo: boolean;
}

export const SHARED_INFO_RULES: readonly Rule<SharedInfo>[] = [
  {
    id: 'LP-24',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Not yet received X86_PV_INFO record')],
    title: 'SHARED_INFO before X86_PV_INFO',
    explain: 'The layout of the page depends on the width of the guest.',
    advice: ADVICE.writer,
    source: `${RESTORE}: handle_shared_info()`,
    when: ({ seenPvInfo }) => !seenPvInfo,
  },
  {
    id: 'LP-25',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('X86_PV_SHARED_INFO record wrong size: length %u, expected 4096')],
    title: 'a SHARED_INFO that is not one page long',
    explain: 'The record holds one page, 4096 bytes.',
    advice: ADVICE.writer,
    source: `${RESTORE}: handle_shared_info()`,
    when: ({ length }) => length !== PAGE_SIZE && { values: [length], at: LENGTH_AT },
  },
];
