/** What libxc needs to give the pages of a PAGE_DATA memory. */
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

/** A PAGE_DATA whose pages are about to be put in place. */
export interface Populate {
  readonly count: number;
  readonly isPv: boolean;
  /** Highest PFN that gets memory, −1 for none. */
  readonly highest: number;
  readonly p2mAllocated: boolean;
}

/** Bytes of the bitmap of populated pages: a bit for each PFN below the next power of two. */
const bitmapBytes = (pfn: number): number => 2 ** Math.ceil(Math.log2(pfn + 1)) / 8;
/** More than a guest of 64 TiB, the most that Xen gives to one, would need. */
const BITMAP_LIMIT = 2 ** 31;

export const POPULATE_RULES: readonly Rule<Populate>[] = [
  {
    id: 'LP-12',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxl('domain {N} save/restore helper [%s] died due to fatal signal Segmentation fault')],
    title: 'PFN 0 of a PV guest before any X86_PV_P2M_FRAMES: libxc writes through a null pointer',
    explain: 'Without the frame list libxc has no memory for the P2M, but takes PFN 0 as valid.',
    advice: ADVICE.writer,
    source: 'tools/libs/guest/xg_sr_restore_x86_pv.c: x86_pv_set_gfn()',
    when: ({ isPv, p2mAllocated }) => isPv && !p2mAllocated && { values: ['N'] },
  },
  {
    id: 'LC-42',
    layer: 'libxc',
    severity: 'fatal',
    errno: 12,
    log: [
      says.libxc('Failed to realloc populated bitmap'),
      says.libxc('Failed to populate pfns for batch of %u pages'),
    ],
    title: 'a PFN that no guest can have: libxc needs too much memory to keep track of it',
    explain: 'libxc keeps a bit for every PFN up to the highest. This one would take gigabytes of dom0’s memory.',
    advice: ADVICE.copy,
    source: 'tools/libs/guest/xg_sr_restore.c: pfn_set_populated()',
    when: ({ isPv, highest, count }) =>
      !isPv &&
      highest >= 0 &&
      bitmapBytes(highest) > BITMAP_LIMIT && {
        values: [count],
        message: `PFN ${hex0x(highest)}: libxc would need ${Math.round(bitmapBytes(highest) / 2 ** 20)} MiB to keep track of so many`,
      },
  },
];
