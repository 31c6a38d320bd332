/** What a receiver of a checkpointed stream goes on with when the stream breaks off. */
import { counted } from '../../../lib/text';
import { type Rule, ADVICE } from '../../kit/rule';

/** What it has by then. */
export interface Failover {
  /** Number of the last checkpoint that is complete. */
  readonly checkpoint: number;
  /** Records behind it. */
  readonly dropped: number;
}

export const FAILOVER_RULES: readonly Rule<Failover>[] = [
  {
    id: 'LC-52',
    variant: 'takes-over',
    layer: 'libxc',
    severity: 'note',
    title: 'the receiver takes over with the last checkpoint that is complete',
    explain:
      'From the first checkpoint on libxc keeps the records of a round back. When the stream breaks off, it drops those of the round that was not finished and runs the guest as the last complete checkpoint left it.',
    advice: ADVICE.none,
    source: 'tools/libs/guest/xg_sr_restore.c: restore()',
    when: ({ checkpoint, dropped }) => ({
      message: `the receiver takes over with checkpoint ${checkpoint}; ${dropped === 0 ? 'nothing follows it' : `${counted(dropped, 'record')} behind it ${dropped === 1 ? 'is' : 'are'} thrown away`}`,
    }),
  },
];
