/** Whether the pages that X86_PV_P2M_FRAMES lists hold the guest's P2M: what libxc does not look at, and writes over. */
import { hex0x } from '../../../../lib/text';
import { type Rule, ADVICE } from '../../../kit/rule';

/** A listed frame as the stream has it. */
export interface P2mFrame {
  /** Index in the list, and the page. */
  readonly index: number;
  readonly pfn: number;
  /** PFNs of its range that have memory, and those of them whose entry could be a machine frame. */
  readonly populated: number;
  readonly plausible: number;
}

export const P2M_CONTENT_RULES: readonly Rule<P2mFrame>[] = [
  {
    id: 'PT-03',
    layer: 'spec',
    severity: 'warning',
    title: 'a page that is listed as part of the P2M does not hold P2M entries',
    explain:
      'libxc writes the new P2M into the pages that the list names. Here it would overwrite some other page of the guest, and the guest would go on with machine frames of the old host.',
    advice: ADVICE.copy,
    source: 'tools/libs/guest/xg_sr_restore_x86_pv.c: update_guest_p2m()',
    when: ({ index, pfn, populated, plausible }) =>
      populated > 0 &&
      plausible * 2 < populated && {
        message: `entry ${index} of the P2M frame list names PFN ${hex0x(pfn)}, which holds no P2M: ${plausible} of ${populated} entries could be machine frames`,
      },
  },
];
