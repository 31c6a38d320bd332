/** What libxc says of pages that follow VERIFY. */
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import type { Rule } from '../../kit/rule';

/** A page after VERIFY that differs from what was sent before. */
export interface VerifiedPage {
  readonly pfn: number;
  readonly type: number;
  readonly differs: boolean;
}

export const VERIFY_RULES: readonly Rule<VerifiedPage>[] = [
  {
    id: 'LC-44',
    layer: 'libxc',
    severity: 'warning',
    log: [says.libxc('verify pfn %#lx failed (type %#x)')],
    title: 'a page after VERIFY differs from what was sent before',
    explain:
      'After VERIFY the sender sends all pages once more, to be compared. This one was changed without being sent again: the guest’s memory is not what it was.',
    advice: 'The sender missed a write: its log-dirty tracking is at fault. Save or migrate the guest again.',
    source: 'tools/libs/guest/xg_sr_restore.c: process_page_data()',
    when: ({ pfn, type, differs }) =>
      differs && { values: [pfn, type], message: `PFN ${hex0x(pfn)} differs from what was sent before VERIFY` },
  },
];
