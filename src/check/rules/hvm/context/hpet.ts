/** Timers of an HPET that an older Xen starts late. Source: xen/arch/x86/hvm/hpet.c, hpet_set_timer(). */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HPET_CONFIG, HPET_TICK_NS, HPET_TIMER_CONFIG, HVM_HPET, ticksBehind } from '../../../../format/hvm/hpet';
import { isSet } from '../../../../format/kit/bits';
import { fieldsOf } from '../../../../format/kit/fields';
import { duration } from '../../../../lib/duration';
import type { StateRule } from './state';

const field = fieldsOf(HVM_HPET, HVM_DESCRIPTOR_SIZE);
/** Ticks in the past that Xen takes for just now (HPET_TINY_TIME_SPAN). */
const TINY = 61_035n;
/** Ticks after which the low half of the counter is back where it was. */
const WRAP = 1n << 32n;

const told = (ticks: bigint): string => duration(ticks * HPET_TICK_NS);

export const HPET_RULES: readonly StateRule<typeof HVM_HPET>[] = [
  {
    id: 'HH-72',
    layer: 'hypervisor',
    severity: 'note',
    versions: { before: 413 },
    title:
      'a one-shot timer of the HPET that is due: before Xen 4.13 it fires only after the counter has wrapped around',
    explain:
      'A 32-bit comparator in the past is taken for one in the future. A guest that waits for this interrupt, as Windows 10 may, answers no key and no click until then.',
    advice: 'Restore on Xen 4.13 or newer, which lets it fire at once.',
    source: 'xen/arch/x86/hvm/hpet.c: hpet_set_timer(), before 4.13',
    when: ({ state: { config, mc64, isr, timers } }) => {
      if (!isSet(config, HPET_CONFIG.ENABLE)) return false;
      const index = timers.findIndex(({ config: timer, cmp }, at) => {
        const has = (flag: keyof typeof HPET_TIMER_CONFIG): boolean => isSet(timer, HPET_TIMER_CONFIG[flag]);
        const waits = has('ENABLE') && has('32BIT') && !has('PERIODIC') && !(has('LEVEL') && isSet(isr, { at }));
        return waits && ticksBehind(cmp, mc64) > TINY;
      });
      if (index < 0) return false;
      const behind = ticksBehind(timers[index]?.cmp ?? 0n, mc64);
      return {
        message: `timer ${index} of the HPET was due ${told(behind)} ago: before Xen 4.13 it fires only in ${told(WRAP - behind)}`,
        at: field(`timers[${index}].cmp`),
      };
    },
  },
];
