/** What Xen looks at in a PIT entry. Source: xen/arch/x86/emul-i8254.c, pit_check(). */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_PIT } from '../../../../format/hvm/pit';
import { fieldsOf } from '../../../../format/kit/fields';
import { ADVICE } from '../../../kit/rule';
import type { HvmStateSubject, StateRule } from './state';

const field = fieldsOf(HVM_PIT, HVM_DESCRIPTOR_SIZE);
const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  versions: { from: 419 },
  advice: ADVICE.copy,
  source: 'xen/arch/x86/emul-i8254.c: pit_check()',
} as const;

/** The largest values of a channel's fields, in the order in which Xen looks at them. */
const LARGEST = {
  count: 0x1_0000,
  count_latched: 4,
  read_state: 4,
  write_state: 4,
  rw_mode: 3,
  gate: 1,
  bcd: 1,
} as const;
const LIMITED = Object.keys(LARGEST) as (keyof typeof LARGEST)[];

/** Returns the first field that is out of range, with its channel. */
function badField({ state }: HvmStateSubject<typeof HVM_PIT>) {
  for (const [channel, values] of state.channels.entries()) {
    const name = LIMITED.find((one) => values[one] > LARGEST[one]);
    if (name !== undefined) return { channel, name };
  }
  return undefined;
}

export const PIT_RULES: readonly StateRule<typeof HVM_PIT>[] = [
  {
    ...common,
    id: 'HH-50',
    errno: 33,
    title: 'the PIT speaker state is not 0 or 1, or its padding is set',
    explain: 'The speaker is 0 or 1, the padding 0.',
    when: ({ state }) => (state.speaker_data_on > 1 || state.pad0 !== 0) && { at: field('speaker_data_on', 'pad0') },
  },
  {
    ...common,
    id: 'HH-51',
    errno: 33,
    title: 'an impossible PIT channel state',
    explain: 'Counts go to 65536, latch and access states to 4, the access mode to 3, gate and BCD are bits.',
    when: (entry) => {
      const bad = badField(entry);
      return (
        bad !== undefined && {
          message: `impossible state of PIT channel ${bad.channel}`,
          at: field(`channels[${bad.channel}].${bad.name}`),
        }
      );
    },
  },
  {
    ...common,
    id: 'HH-52',
    title: 'channel 0 or 1 of the PIT with its gate closed',
    explain: 'In a PC only the gate of channel 2 can be closed.',
    when: ({ state }) => {
      const bad = state.channels.findIndex(({ gate }, channel) => channel < 2 && gate === 0);
      return bad >= 0 && { at: field(`channels[${bad}].gate`) };
    },
  },
];
