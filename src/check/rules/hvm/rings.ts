/** The rings that an HVM guest talks to dom0 through. */
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

/** The rings of an HVM guest, as they stand when the domain has been loaded. */
export interface HvmRings {
  readonly sawParams: boolean;
  /** Names of rings whose pages the stream does not have, with the PFN. */
  readonly lost: readonly { readonly name: string; readonly pfn: bigint }[];
}

export const HVM_RING_RULES: readonly Rule<HvmRings>[] = [
  {
    id: 'LH-09',
    layer: 'spec',
    severity: 'warning',
    title: 'no HVM_PARAMS with the rings: xenstore and console use page 0 of the guest',
    explain:
      'libxc does not notice that they are missing. The guest has no xenstore and no console, and its first page is written over.',
    advice: ADVICE.resave,
    source: 'tools/libs/guest/xg_sr_restore_x86_hvm.c: handle_hvm_params()',
    when: ({ sawParams }) => !sawParams,
  },
  {
    id: 'LH-14',
    layer: 'libxl',
    severity: 'fatal',
    log: [says.libxl('domain {N} console tty: timed out')],
    title: 'a ring of xenstore or console in a page that the stream does not have',
    explain: 'The daemons in dom0 cannot map the ring; libxl waits for the console until it gives up.',
    advice: ADVICE.copy,
    source: 'tools/libs/light/libxl_create.c: console_xswait_callback()',
    when: ({ lost }) => {
      const first = lost[0];
      return (
        first !== undefined && {
          message: `${first.name} names PFN ${hex0x(first.pfn)}, which the stream does not have`,
        }
      );
    },
  },
];
